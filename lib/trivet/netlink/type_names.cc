#include "trivet/netlink/type_names.h"

#include <linux/audit.h>
#include <linux/cryptouser.h>
#include <linux/netlink.h>
#include <linux/selinux_netlink.h>
#include <linux/xfrm.h>

namespace trivet::netlink {
namespace {

constexpr value_name xfrm_list[] = {
    {XFRM_MSG_NEWSA, "NEWSA"},           {XFRM_MSG_DELSA, "DELSA"},
    {XFRM_MSG_GETSA, "GETSA"},           {XFRM_MSG_NEWPOLICY, "NEWPOLICY"},
    {XFRM_MSG_DELPOLICY, "DELPOLICY"},   {XFRM_MSG_GETPOLICY, "GETPOLICY"},
    {XFRM_MSG_ALLOCSPI, "ALLOCSPI"},     {XFRM_MSG_ACQUIRE, "ACQUIRE"},
    {XFRM_MSG_EXPIRE, "EXPIRE"},         {XFRM_MSG_UPDPOLICY, "UPDPOLICY"},
    {XFRM_MSG_UPDSA, "UPDSA"},           {XFRM_MSG_POLEXPIRE, "POLEXPIRE"},
    {XFRM_MSG_FLUSHSA, "FLUSHSA"},       {XFRM_MSG_FLUSHPOLICY, "FLUSHPOLICY"},
    {XFRM_MSG_NEWAE, "NEWAE"},           {XFRM_MSG_GETAE, "GETAE"},
    {XFRM_MSG_REPORT, "REPORT"},         {XFRM_MSG_MIGRATE, "MIGRATE"},
    {XFRM_MSG_NEWSADINFO, "NEWSADINFO"}, {XFRM_MSG_GETSADINFO, "GETSADINFO"},
    {XFRM_MSG_NEWSPDINFO, "NEWSPDINFO"}, {XFRM_MSG_GETSPDINFO, "GETSPDINFO"},
    {XFRM_MSG_MAPPING, "MAPPING"},       {XFRM_MSG_SETDEFAULT, "SETDEFAULT"},
    {XFRM_MSG_GETDEFAULT, "GETDEFAULT"}};
constexpr value_names xfrm_names{"XFRM_MSG_", xfrm_list};

constexpr value_name audit_list[] = {{AUDIT_GET, "GET"},
                                     {AUDIT_SET, "SET"},
                                     {AUDIT_LIST, "LIST"},
                                     {AUDIT_ADD, "ADD"},
                                     {AUDIT_DEL, "DEL"},
                                     {AUDIT_USER, "USER"},
                                     {AUDIT_LOGIN, "LOGIN"},
                                     {AUDIT_WATCH_INS, "WATCH_INS"},
                                     {AUDIT_WATCH_REM, "WATCH_REM"},
                                     {AUDIT_WATCH_LIST, "WATCH_LIST"},
                                     {AUDIT_SIGNAL_INFO, "SIGNAL_INFO"},
                                     {AUDIT_ADD_RULE, "ADD_RULE"},
                                     {AUDIT_DEL_RULE, "DEL_RULE"},
                                     {AUDIT_LIST_RULES, "LIST_RULES"},
                                     {AUDIT_TRIM, "TRIM"},
                                     {AUDIT_MAKE_EQUIV, "MAKE_EQUIV"},
                                     {AUDIT_TTY_GET, "TTY_GET"},
                                     {AUDIT_TTY_SET, "TTY_SET"},
                                     {AUDIT_SET_FEATURE, "SET_FEATURE"},
                                     {AUDIT_GET_FEATURE, "GET_FEATURE"},
                                     {AUDIT_USER_AVC, "USER_AVC"},
                                     {AUDIT_USER_TTY, "USER_TTY"},
                                     {AUDIT_DAEMON_START, "DAEMON_START"},
                                     {AUDIT_DAEMON_END, "DAEMON_END"},
                                     {AUDIT_DAEMON_ABORT, "DAEMON_ABORT"},
                                     {AUDIT_DAEMON_CONFIG, "DAEMON_CONFIG"},
                                     {AUDIT_SYSCALL, "SYSCALL"},
                                     {AUDIT_PATH, "PATH"},
                                     {AUDIT_IPC, "IPC"},
                                     {AUDIT_SOCKETCALL, "SOCKETCALL"},
                                     {AUDIT_CONFIG_CHANGE, "CONFIG_CHANGE"},
                                     {AUDIT_SOCKADDR, "SOCKADDR"},
                                     {AUDIT_CWD, "CWD"},
                                     {AUDIT_EXECVE, "EXECVE"},
                                     {AUDIT_IPC_SET_PERM, "IPC_SET_PERM"},
                                     {AUDIT_MQ_OPEN, "MQ_OPEN"},
                                     {AUDIT_MQ_SENDRECV, "MQ_SENDRECV"},
                                     {AUDIT_MQ_NOTIFY, "MQ_NOTIFY"},
                                     {AUDIT_MQ_GETSETATTR, "MQ_GETSETATTR"},
                                     {AUDIT_KERNEL_OTHER, "KERNEL_OTHER"},
                                     {AUDIT_FD_PAIR, "FD_PAIR"},
                                     {AUDIT_OBJ_PID, "OBJ_PID"},
                                     {AUDIT_TTY, "TTY"},
                                     {AUDIT_EOE, "EOE"},
                                     {AUDIT_BPRM_FCAPS, "BPRM_FCAPS"},
                                     {AUDIT_CAPSET, "CAPSET"},
                                     {AUDIT_MMAP, "MMAP"},
                                     {AUDIT_NETFILTER_PKT, "NETFILTER_PKT"},
                                     {AUDIT_NETFILTER_CFG, "NETFILTER_CFG"},
                                     {AUDIT_SECCOMP, "SECCOMP"},
                                     {AUDIT_PROCTITLE, "PROCTITLE"},
                                     {AUDIT_FEATURE_CHANGE, "FEATURE_CHANGE"},
                                     {AUDIT_REPLACE, "REPLACE"},
                                     {AUDIT_KERN_MODULE, "KERN_MODULE"},
                                     {AUDIT_FANOTIFY, "FANOTIFY"},
                                     {AUDIT_TIME_INJOFFSET, "TIME_INJOFFSET"},
                                     {AUDIT_TIME_ADJNTPVAL, "TIME_ADJNTPVAL"},
                                     {AUDIT_BPF, "BPF"},
                                     {AUDIT_EVENT_LISTENER, "EVENT_LISTENER"},
                                     {AUDIT_URINGOP, "URINGOP"},
                                     {AUDIT_OPENAT2, "OPENAT2"},
                                     {AUDIT_DM_CTRL, "DM_CTRL"},
                                     {AUDIT_DM_EVENT, "DM_EVENT"},
                                     {AUDIT_AVC, "AVC"},
                                     {AUDIT_SELINUX_ERR, "SELINUX_ERR"},
                                     {AUDIT_AVC_PATH, "AVC_PATH"},
                                     {AUDIT_MAC_POLICY_LOAD, "MAC_POLICY_LOAD"},
                                     {AUDIT_MAC_STATUS, "MAC_STATUS"},
                                     {AUDIT_MAC_CONFIG_CHANGE, "MAC_CONFIG_CHANGE"},
                                     {AUDIT_MAC_UNLBL_ALLOW, "MAC_UNLBL_ALLOW"},
                                     {AUDIT_MAC_CIPSOV4_ADD, "MAC_CIPSOV4_ADD"},
                                     {AUDIT_MAC_CIPSOV4_DEL, "MAC_CIPSOV4_DEL"},
                                     {AUDIT_MAC_MAP_ADD, "MAC_MAP_ADD"},
                                     {AUDIT_MAC_MAP_DEL, "MAC_MAP_DEL"},
                                     {AUDIT_MAC_IPSEC_ADDSA, "MAC_IPSEC_ADDSA"},
                                     {AUDIT_MAC_IPSEC_DELSA, "MAC_IPSEC_DELSA"},
                                     {AUDIT_MAC_IPSEC_ADDSPD, "MAC_IPSEC_ADDSPD"},
                                     {AUDIT_MAC_IPSEC_DELSPD, "MAC_IPSEC_DELSPD"},
                                     {AUDIT_MAC_IPSEC_EVENT, "MAC_IPSEC_EVENT"},
                                     {AUDIT_MAC_UNLBL_STCADD, "MAC_UNLBL_STCADD"},
                                     {AUDIT_MAC_UNLBL_STCDEL, "MAC_UNLBL_STCDEL"},
                                     {AUDIT_MAC_CALIPSO_ADD, "MAC_CALIPSO_ADD"},
                                     {AUDIT_MAC_CALIPSO_DEL, "MAC_CALIPSO_DEL"},
                                     {AUDIT_ANOM_PROMISCUOUS, "ANOM_PROMISCUOUS"},
                                     {AUDIT_ANOM_ABEND, "ANOM_ABEND"},
                                     {AUDIT_ANOM_LINK, "ANOM_LINK"},
                                     {AUDIT_ANOM_CREAT, "ANOM_CREAT"},
                                     {AUDIT_INTEGRITY_DATA, "INTEGRITY_DATA"},
                                     {AUDIT_INTEGRITY_METADATA, "INTEGRITY_METADATA"},
                                     {AUDIT_INTEGRITY_STATUS, "INTEGRITY_STATUS"},
                                     {AUDIT_INTEGRITY_HASH, "INTEGRITY_HASH"},
                                     {AUDIT_INTEGRITY_PCR, "INTEGRITY_PCR"},
                                     {AUDIT_INTEGRITY_RULE, "INTEGRITY_RULE"},
                                     {AUDIT_INTEGRITY_EVM_XATTR, "INTEGRITY_EVM_XATTR"},
                                     {AUDIT_INTEGRITY_POLICY_RULE, "INTEGRITY_POLICY_RULE"},
                                     {AUDIT_KERNEL, "KERNEL"}};
constexpr value_names audit_names{"AUDIT_", audit_list};

constexpr value_name crypto_list[] = {
    {CRYPTO_MSG_NEWALG, "NEWALG"},       {CRYPTO_MSG_DELALG, "DELALG"},
    {CRYPTO_MSG_UPDATEALG, "UPDATEALG"}, {CRYPTO_MSG_GETALG, "GETALG"},
    {CRYPTO_MSG_DELRNG, "DELRNG"},       {CRYPTO_MSG_GETSTAT, "GETSTAT"}};
constexpr value_names crypto_names{"CRYPTO_MSG_", crypto_list};

constexpr value_name selinux_list[] = {{SELNL_MSG_SETENFORCE, "SETENFORCE"},
                                       {SELNL_MSG_POLICYLOAD, "POLICYLOAD"}};
constexpr value_names selinux_names{"SELNL_MSG_", selinux_list};

// The upper flags have names with the types with which strace(1) has them.
message_operation xfrm_operation(std::uint16_t type) {
  switch (type) {
    case XFRM_MSG_NEWSA:
    case XFRM_MSG_NEWPOLICY:
    case XFRM_MSG_NEWAE:
    case XFRM_MSG_NEWSADINFO:
    case XFRM_MSG_NEWSPDINFO:
      return message_operation::make;
    case XFRM_MSG_DELSA:
    case XFRM_MSG_DELPOLICY:
      return message_operation::remove;
    case XFRM_MSG_GETSA:
    case XFRM_MSG_GETPOLICY:
    case XFRM_MSG_GETAE:
    case XFRM_MSG_GETSADINFO:
    case XFRM_MSG_GETSPDINFO:
      return message_operation::get;
    default:
      return message_operation::other;
  }
}

message_operation crypto_operation(std::uint16_t type) {
  switch (type) {
    case CRYPTO_MSG_NEWALG:
      return message_operation::make;
    case CRYPTO_MSG_DELALG:
    case CRYPTO_MSG_DELRNG:
      return message_operation::remove;
    case CRYPTO_MSG_GETALG:
      return message_operation::get;
    default:
      return message_operation::other;
  }
}

}  // namespace

message_form form_of_type(int protocol, std::uint16_t type) {
  message_form form;
  switch (protocol) {
    case NETLINK_XFRM:
      form.name = xfrm_names(type);
      form.operation = xfrm_operation(type);
      // The state that is made for an SPI is sent back, too.
      // Source: net/xfrm/xfrm_user.c (xfrm_alloc_userspi, xfrm_get_default)
      form.question = form.operation == message_operation::get || type == XFRM_MSG_ALLOCSPI ||
                      type == XFRM_MSG_GETDEFAULT;
      break;
    case NETLINK_AUDIT:
      form.name = audit_names(type);
      break;
    case NETLINK_CRYPTO:
      form.name = crypto_names(type);
      form.operation = crypto_operation(type);
      form.question = type == CRYPTO_MSG_GETALG || type == CRYPTO_MSG_GETSTAT;
      break;
    case NETLINK_SELINUX:
      form.name = selinux_names(type);
      break;
    default:
      break;
  }
  return form;
}

}  // namespace trivet::netlink
