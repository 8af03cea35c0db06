#include "tools/trivet/json.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>

#include "tools/trivet/text.h"

namespace trivet::tool {
namespace {

::rapidjson::SizeType size_of(const std::string& text) {
  return static_cast<::rapidjson::SizeType>(text.size());
}

}  // namespace

struct json_writer::state {
  ::rapidjson::StringBuffer buffer;
  ::rapidjson::Writer<::rapidjson::StringBuffer> writer{buffer};
};

json_writer::json_writer() : state_(std::make_unique<state>()) {}
json_writer::~json_writer() = default;

json_writer& json_writer::begin_object() {
  state_->writer.StartObject();
  return *this;
}

json_writer& json_writer::end_object() {
  state_->writer.EndObject();
  return *this;
}

json_writer& json_writer::begin_array() {
  state_->writer.StartArray();
  return *this;
}

json_writer& json_writer::end_array() {
  state_->writer.EndArray();
  return *this;
}

json_writer& json_writer::key(std::string_view name) {
  const std::string text = valid_utf8(name);
  state_->writer.Key(text.data(), size_of(text));
  return *this;
}

json_writer& json_writer::value(std::string_view text) {
  const std::string valid = valid_utf8(text);
  state_->writer.String(valid.data(), size_of(valid));
  return *this;
}

json_writer& json_writer::value(double number) {
  if (!std::isfinite(number)) return null();
  state_->writer.Double(number);
  return *this;
}

json_writer& json_writer::null() {
  state_->writer.Null();
  return *this;
}

json_writer& json_writer::boolean(bool value) {
  state_->writer.Bool(value);
  return *this;
}

json_writer& json_writer::integer(std::int64_t value) {
  state_->writer.Int64(value);
  return *this;
}

json_writer& json_writer::natural(std::uint64_t value) {
  state_->writer.Uint64(value);
  return *this;
}

std::string json_writer::take() {
  std::string document(state_->buffer.GetString(), state_->buffer.GetSize());
  state_->buffer.Clear();
  state_->writer.Reset(state_->buffer);
  return document;
}

}  // namespace trivet::tool
