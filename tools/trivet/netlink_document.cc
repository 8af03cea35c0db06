#include "tools/trivet/netlink_document.h"

#include <fmt/core.h>
#include <rapidjson/document.h>

#include <algorithm>

#include "tools/trivet/json.h"
#include "tools/trivet/text.h"

namespace trivet::tool {
namespace {

const document* find_member(const document::object& object, std::string_view name) {
  const auto found = std::find_if(object.begin(), object.end(),
                                  [=](const document::member& m) { return m.first == name; });
  return found == object.end() ? nullptr : &found->second;
}

struct json_visitor {
  json_writer& json;

  void operator()(std::monostate) const { json.null(); }
  void operator()(bool value) const { json.value(value); }
  void operator()(std::int64_t value) const { json.value(value); }
  void operator()(std::uint64_t value) const { json.value(value); }
  void operator()(double value) const { json.value(value); }
  void operator()(const std::string& value) const { json.value(value); }
  void operator()(const document::array& list) const {
    json.begin_array();
    for (const document& element : list) element.visit(*this);
    json.end_array();
  }
  void operator()(const document::object& object) const {
    json.begin_object();
    for (const auto& [name, value] : object) {
      json.key(name);
      value.visit(*this);
    }
    json.end_object();
  }
};

struct text_visitor {
  std::string operator()(std::monostate) const { return "none"; }
  std::string operator()(bool value) const { return value ? "yes" : "no"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(std::uint64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return fmt::format("{:g}", value); }
  std::string operator()(const std::string& value) const { return printable(value); }
  std::string operator()(const document::array& list) const {
    std::string text;
    for (const document& element : list) {
      const bool nested = element.as_object() != nullptr || element.as_array() != nullptr;
      text += fmt::format("{}{}", text.empty() ? "" : nested ? ", " : ",", element.text());
    }
    return text.empty() ? "none" : text;
  }
  std::string operator()(const document::object& object) const {
    std::string text;
    for (const auto& [name, value] : object) {
      if (value.as_array() != nullptr && value.as_array()->empty()) continue;
      text += fmt::format("{}{} {}", text.empty() ? "" : " ", name, value.text());
    }
    return text;
  }
};

document made_of(const ::rapidjson::Value& value) {
  if (value.IsBool()) return document(value.GetBool());
  if (value.IsInt64()) return document(std::int64_t{value.GetInt64()});
  if (value.IsUint64()) return document(std::uint64_t{value.GetUint64()});
  if (value.IsDouble()) return document(value.GetDouble());
  if (value.IsString()) return document(std::string(value.GetString(), value.GetStringLength()));
  if (value.IsArray()) {
    document::array list;
    for (const auto& element : value.GetArray()) list.push_back(made_of(element));
    return document(std::move(list));
  }
  if (value.IsObject()) {
    document::object object;
    for (const auto& member : value.GetObject()) {
      object.emplace_back(member.name.GetString(), made_of(member.value));
    }
    return document(std::move(object));
  }
  return {};
}

bool holds_words(const document& value) {
  const document::array* list = value.as_array();
  return list != nullptr && std::all_of(list->begin(), list->end(), [](const document& element) {
           return element.as_string() != nullptr;
         });
}

std::string words_missing(const document& from, const document& in, char sign) {
  std::string text;
  for (const document& word : *from.as_array()) {
    if (std::find(in.as_array()->begin(), in.as_array()->end(), word) == in.as_array()->end()) {
      text += fmt::format(" {}{}", sign, word.text());
    }
  }
  return text;
}

}  // namespace

document document::parse(const std::string& json) {
  ::rapidjson::Document parsed;
  parsed.Parse(json.c_str(), json.size());
  return parsed.HasParseError() ? document() : made_of(parsed);
}

std::string document::json() const {
  json_writer json;
  visit(json_visitor{json});
  return json.take();
}

std::string document::text() const { return visit(text_visitor{}); }

std::string document_change::text() const {
  if (holds_words(before) && holds_words(after)) {
    const std::string words = words_missing(after, before, '+') + words_missing(before, after, '-');
    if (!words.empty()) return name + words;
  }
  return fmt::format("{} {} → {}", name, before.text(), after.text());
}

std::vector<document_change> changes_between(const document::object& before,
                                             const document::object& after) {
  std::vector<document_change> changes;
  for (const auto& [name, value] : after) {
    const document* old = find_member(before, name);
    if (old == nullptr) {
      changes.push_back({name, {}, value});
    } else if (*old != value) {
      changes.push_back({name, *old, value});
    }
  }
  for (const auto& [name, value] : before) {
    if (find_member(after, name) == nullptr) changes.push_back({name, value, {}});
  }
  return changes;
}

}  // namespace trivet::tool
