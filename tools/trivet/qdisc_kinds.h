// What each kind of queueing discipline prints; qdisc_options.cc has the table of kinds.
#ifndef TOOLS_TRIVET_QDISC_KINDS_H_
#define TOOLS_TRIVET_QDISC_KINDS_H_

#include "tools/trivet/qdisc_options.h"
#include "tools/trivet/show_writer.h"
#include "trivet/base/bytes.h"

namespace trivet::tool {

void show_bands_of_queues(show_writer& out, const_bytes bytes, const extent& how_much);
void show_byte_limit(show_writer& out, const_bytes bytes, const extent& how_much);
void show_cake(show_writer& out, const_bytes bytes, const extent& how_much);
void count_cake(show_writer& out, const_bytes bytes);
void show_choosing(show_writer& out, const_bytes bytes, const extent& how_much);
void count_choosing(show_writer& out, const_bytes bytes);
void show_credits(show_writer& out, const_bytes bytes, const extent& how_much);
void show_delay(show_writer& out, const_bytes bytes, const extent& how_much);
void count_delay(show_writer& out, const_bytes bytes);
void show_paced(show_writer& out, const_bytes bytes, const extent& how_much);
void count_paced(show_writer& out, const_bytes bytes);
void show_fair_delay(show_writer& out, const_bytes bytes, const extent& how_much);
void count_fair_delay(show_writer& out, const_bytes bytes);
void show_heavy_hitters(show_writer& out, const_bytes bytes, const extent& how_much);
void count_heavy_hitters(show_writer& out, const_bytes bytes);
void show_service_curves(show_writer& out, const_bytes bytes, const extent& how_much);
void show_bucket_tree(show_writer& out, const_bytes bytes, const extent& how_much);
void show_rule_of_ingress(show_writer& out, const_bytes bytes, const extent& how_much);
void show_class_queues(show_writer& out, const_bytes bytes, const extent& how_much);
void show_earliest_first(show_writer& out, const_bytes bytes, const extent& how_much);
void show_emulation(show_writer& out, const_bytes bytes, const extent& how_much);
void show_packet_limit(show_writer& out, const_bytes bytes, const extent& how_much);
void show_priority_limit(show_writer& out, const_bytes bytes, const extent& how_much);
void show_priorities(show_writer& out, const_bytes bytes, const extent& how_much);
void show_proportional(show_writer& out, const_bytes bytes, const extent& how_much);
void count_proportional(show_writer& out, const_bytes bytes);
void show_fair_proportional(show_writer& out, const_bytes bytes, const extent& how_much);
void count_fair_proportional(show_writer& out, const_bytes bytes);
void show_fair_blue(show_writer& out, const_bytes bytes, const extent& how_much);
void count_fair_blue(show_writer& out, const_bytes bytes);
void show_gates(show_writer& out, const_bytes bytes, const extent& how_much);
void show_early_detection(show_writer& out, const_bytes bytes, const extent& how_much);
void count_early_detection(show_writer& out, const_bytes bytes);
void show_fair_queues(show_writer& out, const_bytes bytes, const extent& how_much);
void show_token_bucket(show_writer& out, const_bytes bytes, const extent& how_much);
void show_transmission_selection(show_writer& out, const_bytes bytes, const extent& how_much);
void show_virtual_queues(show_writer& out, const_bytes bytes, const extent& how_much);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_QDISC_KINDS_H_
