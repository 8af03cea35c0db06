// What a test on uml_pair or qemu_pair needs: it runs on both kernels, as node 1 and as node 2.
//
// The link between them is the device vec0, up, with 192.0.2.1 or 192.0.2.2. The nodes meet, and
// exchange what each has to know of the other, over the launcher's control line rather than over
// the link under test.

#ifndef TESTS_LAB_PAIR_H_
#define TESTS_LAB_PAIR_H_

#include <stdexcept>
#include <string>
#include <string_view>

namespace trivet::lab {

/// The other node has ended, or its kernel has died.
class peer_gone : public std::runtime_error {
 public:
  peer_gone() : std::runtime_error("the other node has ended") {}
};

/// 1 or 2; 0 on a single kernel.
int node();

/// The device that leads to the other node.
std::string link_device();

/// Waits until the other node exchanges under the same name; returns its value.
/// @param name   without spaces
/// @param value  without line ends
/// @throws peer_gone
/// @throws std::runtime_error if the other node waits under another name
std::string exchange(std::string_view name, std::string_view value);

/// Waits until the other node comes to the same barrier.
void barrier(std::string_view name);

/// Kills the other node's kernel at once, as a power failure would. Its program is not expected to
/// pass after that.
void kill_peer();

}  // namespace trivet::lab

#endif  // TESTS_LAB_PAIR_H_
