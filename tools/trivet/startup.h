// What the process needs before anything else runs.
#ifndef TOOLS_TRIVET_STARTUP_H_
#define TOOLS_TRIVET_STARTUP_H_

namespace trivet::tool {

/// Ignores SIGPIPE, so that a closed pipe is an error of write(2), and makes sure that descriptors
/// 0, 1 and 2 are open, so that no socket takes the place of one of them: a closed one becomes
/// /dev/null, opened for the wrong direction, so that using it fails. Call it first.
void prepare_process() noexcept;

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_STARTUP_H_
