#include "trivet/netlink/message_form.h"

#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>

#include "trivet/netlink/diag/message_names.h"
#include "trivet/netlink/generic/ethtool_names.h"
#include "trivet/netlink/generic/message_names.h"
#include "trivet/netlink/netfilter_names.h"
#include "trivet/netlink/route/message_names.h"
#include "trivet/netlink/route/request_names.h"
#include "trivet/netlink/route/route_structures.h"
#include "trivet/netlink/type_names.h"

namespace trivet::netlink {
namespace {

constexpr value_name control_list[] = {
    {NLMSG_NOOP, "NOOP"}, {NLMSG_ERROR, "ERROR"}, {NLMSG_DONE, "DONE"}, {NLMSG_OVERRUN, "OVERRUN"}};
constexpr value_names control_names{"NLMSG_", control_list};

constexpr value_name common_list[] = {{NLM_F_REQUEST, "REQUEST"},
                                      {NLM_F_MULTI, "MULTI"},
                                      {NLM_F_ACK, "ACK"},
                                      {NLM_F_ECHO, "ECHO"},
                                      {NLM_F_DUMP_INTR, "DUMP_INTR"},
                                      {NLM_F_DUMP_FILTERED, "DUMP_FILTERED"}};
constexpr value_name make_list[] = {{NLM_F_REPLACE, "REPLACE"},
                                    {NLM_F_EXCL, "EXCL"},
                                    {NLM_F_CREATE, "CREATE"},
                                    {NLM_F_APPEND, "APPEND"}};
constexpr value_name remove_list[] = {{NLM_F_NONREC, "NONREC"}, {NLM_F_BULK, "BULK"}};
constexpr value_name get_list[] = {
    {NLM_F_DUMP, "DUMP"}, {NLM_F_ROOT, "ROOT"}, {NLM_F_MATCH, "MATCH"}, {NLM_F_ATOMIC, "ATOMIC"}};
constexpr value_name answer_list[] = {{NLM_F_CAPPED, "CAPPED"}, {NLM_F_ACK_TLVS, "ACK_TLVS"}};

std::span<const value_name> upper_flags(message_operation operation) {
  switch (operation) {
    case message_operation::make:
      return make_list;
    case message_operation::remove:
      return remove_list;
    case message_operation::get:
      return get_list;
    case message_operation::answer:
      return answer_list;
    default:
      return {};
  }
}

message_form route_form(const message_view& message) {
  message_form form;
  form.name = rtnl::message_names()(message.type());
  if (form.name.empty()) return form;
  constexpr message_operation operations[] = {message_operation::make, message_operation::remove,
                                              message_operation::get, message_operation::other};
  form.operation = operations[message.type() & 3];
  form.question = form.operation == message_operation::get;
  // All actions of a kind are removed with the flag with which all objects are asked for.
  // Source: net/sched/act_api.c (tc_ctl_action)
  if (message.type() == RTM_DELACTION) form.operation = message_operation::get;
  form.structure = rtnl::structure_of_message(message.type());
  form.has_attributes = form.structure != nullptr;
  form.attributes = rtnl::names_of_message(message.type(), message.payload);
  // Options of neighbour discovery, as a router sent them.
  // Source: net/ipv6/ndisc.c (ndisc_ra_useropt)
  if (message.type() == RTM_NEWNDUSEROPT) {
    form.gap = message.structure<::nduseroptmsg>().nduseropt_opts_len;
  }
  // Dumps are asked for with nothing but a family, too. Source: rtnetlink(7)
  if (form.operation == message_operation::get && form.structure != nullptr &&
      message.payload.size() < form.structure->size &&
      message.payload.size() <= align4(sizeof(::rtgenmsg))) {
    form.structure = &rtnl::structures::rtgenmsg;
    form.has_attributes = false;
  }
  return form;
}

message_form generic_form(const message_view& message, const family_names& families) {
  message_form form;
  const std::uint16_t type = message.type();
  if (type < GENL_MIN_ID) return form;
  // Each family decides what its commands do; flags are those of a question in all that are known.
  form.operation = message_operation::get;
  form.question = true;
  form.structure = &generic::structure_of_message(type);
  form.has_attributes = true;
  const auto command = message.structure<::genlmsghdr>().cmd;
  if (type == GENL_ID_CTRL) {
    const std::string name = generic::command_names()(command);
    form.name = "nlctrl " + (name.empty() ? "command " + std::to_string(command) : name);
    form.attributes = &generic::controller_names();
    return form;
  }
  const auto family = families.find(type);
  if (family == families.end()) return form;
  form.gap = family->second.header;
  if (family->second.name == ETHTOOL_GENL_NAME) {
    const auto words = generic::ethtool::words_of_message(command, message.has(NLM_F_REQUEST));
    form.attributes = words.attributes;
    if (!words.name.empty()) {
      form.name = "ethtool ETHTOOL_MSG_" + std::string(words.name);
      return form;
    }
  }
  form.name = family->second.name + " command " + std::to_string(command);
  return form;
}

message_form diag_form(const message_view& message) {
  message_form form;
  form.name = diag::message_names()(message.type());
  form.operation =
      message.type() == SOCK_DESTROY ? message_operation::other : message_operation::get;
  form.question = form.operation == message_operation::get;
  const diag::message_parts parts =
      diag::parts_of_message(message.type(), message.has(NLM_F_REQUEST), message.payload);
  form.structure = parts.structure;
  form.attributes = parts.attributes;
  form.has_attributes = parts.structure != nullptr || parts.attributes != nullptr;
  return form;
}

message_form netfilter_form(const message_view& message) {
  message_form form;
  form.name = netfilter::message_name(message.type());
  form.operation = netfilter::is_question(form.name)  ? message_operation::get
                   : netfilter::is_removal(form.name) ? message_operation::remove
                   : form.name.empty()                ? message_operation::other
                                                      : message_operation::make;
  form.question = form.operation == message_operation::get;
  form.structure = &netfilter::structure_of_message();
  form.has_attributes = true;
  form.attributes = netfilter::names_of_message(message.type());
  return form;
}

}  // namespace

message_form form_of_message(int protocol, const message_view& message,
                             const family_names& families) {
  if (message.type() < NLMSG_MIN_TYPE) {
    return {.name = control_names(message.type()), .operation = message_operation::answer};
  }
  switch (protocol) {
    case NETLINK_ROUTE:
      return route_form(message);
    case NETLINK_GENERIC:
      return generic_form(message, families);
    case NETLINK_SOCK_DIAG:
      return diag_form(message);
    case NETLINK_NETFILTER:
      return netfilter_form(message);
    default:
      return form_of_type(protocol, message.type());
  }
}

std::string flags_in_words(std::uint16_t flags, message_operation operation) {
  constexpr std::uint16_t common = 0xff;
  const value_names lower{"NLM_F_", common_list, true};
  const value_names upper{"NLM_F_", upper_flags(operation), true};
  const auto in_words = [](const value_names& names, unsigned bits) {
    if (bits == 0) return std::string();
    const std::string words = names(bits);
    return words.empty() ? hexadecimal(bits) : words;
  };
  std::string words = in_words(lower, flags & common);
  const std::string rest = in_words(upper, flags & ~common);
  if (!words.empty() && !rest.empty()) words += '|';
  return words + rest;
}

}  // namespace trivet::netlink
