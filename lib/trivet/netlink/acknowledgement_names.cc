#include <linux/netlink.h>

#include "trivet/netlink/attribute_path.h"
#include "trivet/netlink/policy.h"

namespace trivet::netlink {
namespace {

constexpr value_name attribute_types_list[] = {
    {NL_ATTR_TYPE_INVALID, "INVALID"},
    {NL_ATTR_TYPE_FLAG, "FLAG"},
    {NL_ATTR_TYPE_U8, "U8"},
    {NL_ATTR_TYPE_U16, "U16"},
    {NL_ATTR_TYPE_U32, "U32"},
    {NL_ATTR_TYPE_U64, "U64"},
    {NL_ATTR_TYPE_S8, "S8"},
    {NL_ATTR_TYPE_S16, "S16"},
    {NL_ATTR_TYPE_S32, "S32"},
    {NL_ATTR_TYPE_S64, "S64"},
    {NL_ATTR_TYPE_BINARY, "BINARY"},
    {NL_ATTR_TYPE_STRING, "STRING"},
    {NL_ATTR_TYPE_NUL_STRING, "NUL_STRING"},
    {NL_ATTR_TYPE_NESTED, "NESTED"},
    {NL_ATTR_TYPE_NESTED_ARRAY, "NESTED_ARRAY"},
    {NL_ATTR_TYPE_BITFIELD32, "BITFIELD32"},
    {16, "SINT"},  // these two since 6.7
    {17, "UINT"},
};
constexpr value_names attribute_types{"NL_ATTR_TYPE_", attribute_types_list};

constexpr attribute_rule<unread> type_rules[] = {
    named<unread>(NL_POLICY_TYPE_ATTR_TYPE, "type", form::number_of(attribute_types)),
    named<unread>(NL_POLICY_TYPE_ATTR_MIN_VALUE_S, "min-value-s", form::signed_number),
    named<unread>(NL_POLICY_TYPE_ATTR_MAX_VALUE_S, "max-value-s", form::signed_number),
    named<unread>(NL_POLICY_TYPE_ATTR_MIN_VALUE_U, "min-value-u", form::number),
    named<unread>(NL_POLICY_TYPE_ATTR_MAX_VALUE_U, "max-value-u", form::number),
    named<unread>(NL_POLICY_TYPE_ATTR_MIN_LENGTH, "min-length", form::number),
    named<unread>(NL_POLICY_TYPE_ATTR_MAX_LENGTH, "max-length", form::number),
    named<unread>(NL_POLICY_TYPE_ATTR_POLICY_IDX, "policy-idx", form::number),
    named<unread>(NL_POLICY_TYPE_ATTR_POLICY_MAXTYPE, "policy-maxtype", form::number),
    named<unread>(NL_POLICY_TYPE_ATTR_BITFIELD32_MASK, "bitfield32-mask", form::number),
    named<unread>(NL_POLICY_TYPE_ATTR_PAD, "pad", form::bytes),
    named<unread>(NL_POLICY_TYPE_ATTR_MASK, "mask", form::number),
};
constexpr attribute_policy<unread> type_policy(type_rules, "NL_POLICY_TYPE_ATTR_");
constexpr attribute_names type_names{&name_among<type_policy>};

constexpr attribute_rule<unread> error_rules[] = {
    named<unread>(NLMSGERR_ATTR_MSG, "msg", form::text),
    named<unread>(NLMSGERR_ATTR_OFFS, "offs", form::number),
    named<unread>(NLMSGERR_ATTR_COOKIE, "cookie", form::bytes),
    named<unread>(NLMSGERR_ATTR_POLICY, "policy", form::nest, &type_names),
    named<unread>(NLMSGERR_ATTR_MISS_TYPE, "miss-type", form::number),
    named<unread>(NLMSGERR_ATTR_MISS_NEST, "miss-nest", form::number),
};
constexpr attribute_policy<unread> error_policy(error_rules, "NLMSGERR_ATTR_");
constexpr attribute_names error_names{&name_among<error_policy>};

}  // namespace

const attribute_names& policy_type_names() noexcept { return type_names; }
const attribute_names& acknowledgement_names() noexcept { return error_names; }

}  // namespace trivet::netlink
