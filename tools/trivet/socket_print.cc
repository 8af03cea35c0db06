#include "tools/trivet/socket_print.h"

#include <fmt/core.h>

#include "tools/trivet/context.h"
#include "tools/trivet/json.h"
#include "tools/trivet/text.h"

namespace trivet::tool {

void print_message(context& ctx, const arrived_message& message) {
  if (ctx.json) {
    json_writer json;
    json.begin_object().member("from", message.from).member("length", message.data.size());
    json.member("data", message.data).member("hex", hex(message.data));
    if (message.truncated) json.member("truncated", true);
    ctx.out.line(json.end_object().take());
    return;
  }
  const std::string from = message.from.empty() ? "''" : printable(message.from);
  std::string line = fmt::format("{}  {}", ctx.paint(ink::address, from), message.data.size());
  if (is_text(message.data)) {
    line += "  " + printable(message.data);
  } else {
    line += "  " + ctx.paint(ink::faint, "hex") + " " + hex(message.data);
  }
  if (message.truncated) line += ctx.paint(ink::warning, "  (truncated)");
  ctx.out.line(line);
}

void print_address(context& ctx, std::string_view family, std::string_view tuple,
                   std::string_view sockaddr) {
  if (ctx.json) {
    json_writer json;
    json.begin_object().member("family", family).member("address", tuple);
    json.member("length", sockaddr.size()).member("sockaddr", hex(sockaddr));
    ctx.out.line(json.end_object().take());
    return;
  }
  ctx.out.line(ctx.paint(ink::address, tuple.empty() ? "''" : printable(tuple)));
  ctx.out.line(hex(sockaddr));
}

}  // namespace trivet::tool
