#include "trivet/netlink/pages.h"

#include <sys/mman.h>

#include <new>

namespace trivet::netlink {

namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20;

}  // namespace

pages::pages(std::size_t size, bool huge) : size_(size) {
  if (size == 0) return;
  void* const start =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) throw std::bad_alloc();
  start_ = static_cast<std::byte*>(start);
  if (huge && size >= huge_page) ::madvise(start, size, MADV_HUGEPAGE);
}

pages::~pages() {
  if (start_ != nullptr) ::munmap(start_, size_);
}

}  // namespace trivet::netlink
