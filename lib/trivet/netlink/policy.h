// One row per attribute: how it is read into a struct, written from it, named and compared.
//
//   struct link_info {
//     std::optional<std::string> kind;
//     std::vector<raw_attribute> others;               // what no row knows
//     static const attribute_policy<link_info>& policy();
//   };
//   constexpr attribute_rule<link_info> rules[] = {
//       rule<&link_info::kind>(IFLA_INFO_KIND, "kind"),
//   };
//
// What the row's member does not tell of the payload, as the names of its numbers, .as(form) adds;
// what is to have a name though the struct has no member for it, is a row named().
//
// How a value travels, follows from its type (attribute_codec.h). A row whose member is a struct
// with a policy() of its own is a nest. An attribute that is not as its row expects (a number of
// another length, or marked NLA_F_NET_BYTEORDER, as no family that is known here does) is kept in
// `others`, so that nothing is lost.
#ifndef TRIVET_NETLINK_POLICY_H_
#define TRIVET_NETLINK_POLICY_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "trivet/netlink/attribute.h"
#include "trivet/netlink/attribute_codec.h"
#include "trivet/netlink/attribute_path.h"
#include "trivet/netlink/value_form.h"

namespace trivet::netlink {

/// What a difference in an attribute means for its object: what same_state() looks at.
enum class weight {
  state,   ///< the object has changed
  detail,  ///< nothing: counters, remaining times, what only one of dump and event carries
};

/// One row, as rule() and named() make it. A value.
/// @tparam S  the struct that the attribute is read into
template <class S>
struct attribute_rule {
  std::uint16_t type;                    ///< below 128, without the two flags
  std::string_view name;                 ///< as in the path of an extended ACK: "mtu" of ".mtu"
  weight meaning;                        ///< of a difference
  bool (*decode)(const attribute&, S&);  ///< false: not as expected; the struct is as it was
  void (*encode)(attribute_writer&, std::uint16_t, const S&);  ///< nothing where there is no value
  bool (*equal)(const S&, const S&);                           ///< of this member alone
  const attribute_names* nest = nullptr;                       ///< of a nest that has a policy
  value_form form{};                                           ///< how the payload reads

  /// The same row, whose payload reads so.
  [[nodiscard]] constexpr attribute_rule as(const value_form& what) const {
    attribute_rule result = *this;
    result.form = what;
    return result;
  }
  /// The same row, a nest with these names inside.
  [[nodiscard]] constexpr attribute_rule within(const attribute_names& names) const {
    attribute_rule result = *this;
    result.nest = &names;
    return result;
  }
};

/// The rows of a struct, found by type. Immutable; freely shared.
template <class S>
class attribute_policy {
 public:
  /// @param rules   outlive the policy; at most 254, their types below 128, each once
  /// @param prefix  with which a row's name, in capitals, is that of the headers: "IFLA_"
  template <std::size_t N>
  constexpr explicit attribute_policy(const attribute_rule<S> (&rules)[N],
                                      std::string_view prefix = {}) noexcept
      : rules_(rules), prefix_(prefix) {
    static_assert(N < none);
    index_.fill(none);
    for (std::size_t i = 0; i < N; ++i) index_[rules[i].type] = static_cast<std::uint8_t>(i);
  }

  /// The rows, in the order in which they are written.
  [[nodiscard]] constexpr std::span<const attribute_rule<S>> rules() const noexcept {
    return rules_;
  }

  /// "IFLA_"; empty: rows have names that are no constants of a header.
  [[nodiscard]] constexpr std::string_view prefix() const noexcept { return prefix_; }

  /// The row of a type, or nullptr.
  [[nodiscard]] constexpr const attribute_rule<S>* find(std::uint16_t type) const noexcept {
    if (type >= index_.size() || index_[type] == none) return nullptr;
    return &rules_[index_[type]];
  }

  /// Reads attributes into their members; the rest goes to `others`.
  /// @return false where a length was wrong: `into` then holds what came before
  [[nodiscard]] bool decode(const_bytes attributes, S& into) const {
    attribute_reader in(attributes);
    for (attribute a; in.next(a);) {
      const attribute_rule<S>* rule = find(a.type);
      const bool taken = rule != nullptr && !a.network_order && rule->decode(a, into);
      if (!taken) into.others.push_back(raw_attribute::of(a));
    }
    return !in.failed();
  }

  /// Writes what has a value, in the order of the rows, then `others`.
  void encode(attribute_writer& out, const S& from) const {
    for (const attribute_rule<S>& rule : rules_) rule.encode(out, rule.type, from);
    for (const raw_attribute& kept : from.others) out.raw(kept);
  }

  /// Whether all members of weight state are the same.
  [[nodiscard]] bool same_state(const S& a, const S& b) const {
    for (const attribute_rule<S>& rule : rules_) {
      if (rule.meaning == weight::state && !rule.equal(a, b)) return false;
    }
    return true;
  }

 private:
  static constexpr std::uint8_t none = 0xff;

  std::span<const attribute_rule<S>> rules_;
  std::string_view prefix_;
  std::array<std::uint8_t, 128> index_{};
};

/// What attribute_policy::encode() does, with the rows known to the compiler: no call is left of a
/// member that has no value. For structs that are written by the hundred thousand.
/// @tparam Rules  an array of attribute_rule<S>, constexpr
template <const auto& Rules, class S>
void encode_rows(attribute_writer& out, const S& from) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (Rules[I].encode(out, Rules[I].type, from), ...);
  }
  (std::make_index_sequence<std::size(Rules)>());
  for (const raw_attribute& kept : from.others) out.raw(kept);
}

/// The name of an attribute by the policy of its struct; empty where it has no row.
template <attribute_nest S>
[[nodiscard]] attribute_name name_in_policy(std::uint16_t type, const_bytes /*beside*/) {
  const attribute_rule<S>* rule = S::policy().find(type);
  if (rule == nullptr) return {};
  return {rule->name, rule->nest, rule->form, S::policy().prefix()};
}
/// The names of a policy, for paths.
template <attribute_nest S>
inline constexpr attribute_names policy_names{&name_in_policy<S>};

namespace detail {

template <class Member>
struct member_of;
template <class S, class T>
struct member_of<T S::*> {
  using owner = S;
  using value = T;
  static constexpr bool optional = false;
};
template <class S, class T>
struct member_of<std::optional<T> S::*> {
  using owner = S;
  using value = T;
  static constexpr bool optional = true;
};

template <class Codec, class T, class S>
bool decode_value(const attribute& a, const S& owner, T& into) {
  if constexpr (requires { Codec::decode(a, owner.family, into); }) {
    return Codec::decode(a, owner.family, into);
  } else {
    return Codec::decode(a, into);
  }
}

template <class T>
bool equal_values(const T& a, const T& b) {
  if constexpr (requires { attribute_codec<T>::equal(a, b); }) {
    return attribute_codec<T>::equal(a, b);
  } else if constexpr (std::equality_comparable<T>) {
    return a == b;
  } else {
    return std::memcmp(&a, &b, sizeof(T)) == 0;
  }
}

template <class T>
bool equal_values(const std::vector<T>& a, const std::vector<T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const T& x, const T& y) { return equal_values(x, y); });
}

template <class T>
bool equal_values(const std::optional<T>& a, const std::optional<T>& b) {
  return a.has_value() == b.has_value() && (!a || equal_values(*a, *b));
}

template <class Codec, class T>
constexpr const attribute_names* names_within() noexcept {
  if constexpr (attribute_nest<T>) {
    return &policy_names<T>;
  } else if constexpr (requires { Codec::names; }) {
    return &Codec::names;
  } else {
    return nullptr;
  }
}

template <class Codec, class T>
constexpr value_form form_of() noexcept {
  if constexpr (requires { Codec::form; }) {
    return Codec::form;
  } else if constexpr (attribute_nest<T> || std::is_same_v<T, raw_nest>) {
    return form::nest;
  } else if constexpr (std::is_integral_v<T>) {
    return std::is_signed_v<T> ? form::signed_number : form::number;
  } else if constexpr (std::is_same_v<T, std::string>) {
    return form::text;
  } else if constexpr (std::is_same_v<T, std::vector<std::byte>>) {
    return form::bytes;
  } else {
    return {};
  }
}

}  // namespace detail

/// The row of an attribute that the struct has no member for: it goes to `others`.
template <class S>
constexpr attribute_rule<S> named(std::uint16_t type, std::string_view name,
                                  const value_form& reads_as,
                                  const attribute_names* nest = nullptr) {
  return {type,
          name,
          weight::detail,
          [](const attribute&, S&) { return false; },
          [](attribute_writer&, std::uint16_t, const S&) {},
          [](const S&, const S&) { return true; },
          nest,
          reads_as};
}

/// For attributes that have names and no struct that they are read into: each row is named().
struct unread {
  std::vector<raw_attribute> others;
};

/// The names of such rows: attribute_names{&name_among<tc_policy>, sizeof(::tcmsg)}.
template <const attribute_policy<unread>& Policy>
[[nodiscard]] attribute_name name_among(std::uint16_t type, const_bytes /*beside*/) {
  const attribute_rule<unread>* rule = Policy.find(type);
  if (rule == nullptr) return {};
  return {rule->name, rule->nest, rule->form, Policy.prefix()};
}

/// The row of a member: std::optional<T>, written where it has a value, or T, always written.
/// A codec that needs the address family is handed the struct's member `family`.
/// @tparam Codec  how the value travels, where that does not follow from its type
template <auto Member, class Codec = attribute_codec<typename detail::member_of<
                           std::remove_const_t<decltype(Member)>>::value>>
constexpr auto rule(std::uint16_t type, std::string_view name, weight meaning = weight::state) {
  using member = detail::member_of<decltype(Member)>;
  using S = typename member::owner;
  using T = typename member::value;
  return attribute_rule<S>{
      type,
      name,
      meaning,
      [](const attribute& a, S& into) {
        T value{};
        if (!detail::decode_value<Codec>(a, into, value)) return false;
        into.*Member = std::move(value);
        return true;
      },
      [](attribute_writer& out, std::uint16_t number, const S& from) {
        if constexpr (member::optional) {
          if (from.*Member) Codec::encode(out, number, *(from.*Member));
        } else {
          Codec::encode(out, number, from.*Member);
        }
      },
      [](const S& a, const S& b) { return detail::equal_values(a.*Member, b.*Member); },
      detail::names_within<Codec, T>(),
      detail::form_of<Codec, T>()};
}

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_POLICY_H_
