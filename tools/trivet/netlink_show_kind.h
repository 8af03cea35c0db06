// The data of a link's kind in the words of `ip -d link`: one row for each member.
//
//   constexpr shown<vrf> vrf_rows[] = {
//       number<&vrf::table>("table"),
//   };
//   show_rows(d, *info.data_as<vrf>(), vrf_rows);
#ifndef TOOLS_TRIVET_NETLINK_SHOW_KIND_H_
#define TOOLS_TRIVET_NETLINK_SHOW_KIND_H_

#include <fmt/core.h>

#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "tools/trivet/netlink_drawing.h"
#include "trivet/netlink/policy.h"

namespace trivet::tool {

/// How a member is shown: its key in JSON and its word in text.
template <class S>
struct shown {
  std::string_view key;
  std::string_view word;
  void (*put)(drawing&, const S&, const shown&);

  /// "word ", what stands before the value in text.
  [[nodiscard]] std::string before() const { return fmt::format("{} ", word); }
};

template <auto Member>
using owner_of = typename netlink::detail::member_of<std::remove_const_t<decltype(Member)>>::owner;

/// A number.
template <auto Member>
constexpr shown<owner_of<Member>> number(std::string_view key, std::string_view word = {}) {
  using S = owner_of<Member>;
  return {key, word.empty() ? key : word, [](drawing& d, const S& from, const shown<S>& row) {
            if (from.*Member) d.out.number(row.key, row.before(), *(from.*Member));
          }};
}

/// A number that is left out where it is zero.
template <auto Member>
constexpr shown<owner_of<Member>> number_if_any(std::string_view key, std::string_view word = {}) {
  using S = owner_of<Member>;
  return {key, word.empty() ? key : word, [](drawing& d, const S& from, const shown<S>& row) {
            if ((from.*Member).value_or(0) != 0) {
              d.out.number(row.key, row.before(), *(from.*Member));
            }
          }};
}

/// true or false; "on" or "off".
template <auto Member>
constexpr shown<owner_of<Member>> on_off(std::string_view key, std::string_view word = {}) {
  using S = owner_of<Member>;
  return {key, word.empty() ? key : word, [](drawing& d, const S& from, const shown<S>& row) {
            if (from.*Member) d.out.on_off(row.key, row.before(), *(from.*Member) != 0);
          }};
}

/// true and a word, or nothing. The member is a number or a flag.
template <auto Member>
constexpr shown<owner_of<Member>> yes(std::string_view key, std::string_view word = {}) {
  using S = owner_of<Member>;
  return {key, word.empty() ? key : word, [](drawing& d, const S& from, const shown<S>& row) {
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(from.*Member)>, bool>) {
              d.out.yes(row.key, row.before(), from.*Member);
            } else {
              d.out.yes(row.key, row.before(), (from.*Member).value_or(0) != 0);
            }
          }};
}

/// true or false; "word" or "noword".
template <auto Member>
constexpr shown<owner_of<Member>> yes_or_no(std::string_view key, std::string_view word) {
  using S = owner_of<Member>;
  return {key, word, [](drawing& d, const S& from, const shown<S>& row) {
            if (!(from.*Member)) return;
            const bool is = *(from.*Member) != 0;
            d.out.member(row.key, is);
            d.out.text(is ? row.before() : "no" + row.before());
          }};
}

/// A number in hexadecimal.
template <auto Member>
constexpr shown<owner_of<Member>> hexadecimal(std::string_view key, std::string_view word = {}) {
  using S = owner_of<Member>;
  return {key, word.empty() ? key : word, [](drawing& d, const S& from, const shown<S>& row) {
            if (from.*Member) d.out.hexadecimal(row.key, row.before(), *(from.*Member));
          }};
}

/// The same, left out where it is zero.
template <auto Member>
constexpr shown<owner_of<Member>> hexadecimal_if_any(std::string_view key,
                                                     std::string_view word = {}) {
  using S = owner_of<Member>;
  return {key, word.empty() ? key : word, [](drawing& d, const S& from, const shown<S>& row) {
            if ((from.*Member).value_or(0) != 0) {
              d.out.hexadecimal(row.key, row.before(), *(from.*Member));
            }
          }};
}

/// The name of a link, left out where the index is zero.
template <auto Member>
constexpr shown<owner_of<Member>> link_name(std::string_view key, std::string_view word = {}) {
  using S = owner_of<Member>;
  return {key, word.empty() ? key : word, [](drawing& d, const S& from, const shown<S>& row) {
            if ((from.*Member).value_or(0) != 0) {
              d.out.string(row.key, row.before(), d.names.link(*(from.*Member)));
            }
          }};
}

/// The address of a link, as Ethernet has them.
template <auto Member>
constexpr shown<owner_of<Member>> ethernet(std::string_view key, std::string_view word = {}) {
  using S = owner_of<Member>;
  return {key, word.empty() ? key : word, [](drawing& d, const S& from, const shown<S>& row) {
            if (from.*Member) d.out.string(row.key, row.before(), (from.*Member)->to_string(1));
          }};
}

/// An IP address, left out where it is zero.
template <auto Member>
constexpr shown<owner_of<Member>> ip_address(std::string_view key, std::string_view word = {}) {
  using S = owner_of<Member>;
  return {key, word.empty() ? key : word, [](drawing& d, const S& from, const shown<S>& row) {
            if (from.*Member && !(from.*Member)->is_zero()) {
              d.out.string(row.key, row.before(), (from.*Member)->to_string());
            }
          }};
}

/// One of some words, by its number.
template <auto Member, const auto& Words>
constexpr shown<owner_of<Member>> word_of(std::string_view key, std::string_view word = {}) {
  using S = owner_of<Member>;
  return {key, word.empty() ? key : word, [](drawing& d, const S& from, const shown<S>& row) {
            if (!(from.*Member)) return;
            const auto number = static_cast<std::size_t>(*(from.*Member));
            d.out.string(row.key, row.before(),
                         number < std::size(Words) ? Words[number] : "UNKNOWN");
          }};
}

/// A row of its own making.
template <class S>
constexpr shown<S> special(void (*put)(drawing&, const S&, const shown<S>&)) {
  return {{}, {}, put};
}

template <class S, std::size_t N>
void show_rows(drawing& d, const S& from, const shown<S> (&rows)[N]) {
  for (const shown<S>& row : rows) row.put(d, from, row);
}

/// The data of one kind, if the kind is one that the file knows. @return whether it is
bool show_bridge_kind(drawing& d, const netlink::rtnl::link_info& info);
bool show_bond_kind(drawing& d, const netlink::rtnl::link_info& info);
bool show_tunnel_kind(drawing& d, const netlink::rtnl::link_info& info);
bool show_overlay_kind(drawing& d, const netlink::rtnl::link_info& info);
bool show_stacked_kind(drawing& d, const netlink::rtnl::link_info& info);

/// The same of what a link is to its master.
bool show_bridge_port(drawing& d, const netlink::rtnl::link_info& info);
bool show_bond_port(drawing& d, const netlink::rtnl::link_info& info);
bool show_vrf_port(drawing& d, const netlink::rtnl::link_info& info);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_SHOW_KIND_H_
