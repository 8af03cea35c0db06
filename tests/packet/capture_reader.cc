#include "tests/packet/capture_reader.h"

#include <pcap/pcap.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

#include "trivet/base/bytes.h"

namespace trivet::packet {

std::vector<stored_packet> packets_in(const std::string& path) {
  char message[PCAP_ERRBUF_SIZE];
  const std::unique_ptr<::pcap_t, void (*)(::pcap_t*)> file(
      ::pcap_open_offline(path.c_str(), message), ::pcap_close);
  if (!file) throw std::runtime_error(message);
  std::vector<stored_packet> packets;
  ::pcap_pkthdr* header = nullptr;
  const unsigned char* data = nullptr;
  int result = 0;
  while ((result = ::pcap_next_ex(file.get(), &header, &data)) == 1) {
    const void* const bytes = data;
    packets.push_back({header->len, std::string(static_cast<const char*>(bytes), header->caplen)});
  }
  if (result != PCAP_ERROR_BREAK) throw std::runtime_error(::pcap_geterr(file.get()));
  return packets;
}

std::uint64_t stored_block::number(std::uint16_t option) const {
  const auto found = options.find(option);
  return found == options.end() ? 0 : load_padded<std::uint64_t>(bytes_of(found->second));
}

std::vector<stored_block> blocks_in(const std::string& path) {
  constexpr std::uint32_t section = 0x0a0d0d0a, interface = 1;
  const std::string content = content_of(path);
  byte_reader in(bytes_of(content));
  std::vector<stored_block> blocks;
  while (!in.rest().empty()) {
    stored_block block{in.read<std::uint32_t>(), {}};
    const auto size = in.read<std::uint32_t>();
    byte_reader body(in.take(size < 12 ? 0 : size - 12));
    if (in.read<std::uint32_t>() != size || in.failed()) {
      throw std::runtime_error("a block is not whole in " + path);
    }
    std::size_t fixed = 0;
    if (block.type == section) fixed = 16;
    if (block.type == interface) fixed = 8;
    if (block.type == statistics_block) fixed = 12;
    if (block.type == packet_block) {
      (void)body.take(12);
      fixed = (body.read<std::uint32_t>() + std::size_t{3}) / 4 * 4 + 4;
    }
    (void)body.take(fixed);
    while (!body.rest().empty()) {
      const auto code = body.read<std::uint16_t>();
      const auto length = body.read<std::uint16_t>();
      block.options[code] = std::string(text_of(body.take(length)));
      (void)body.take((4 - length % 4) % 4);
    }
    if (body.failed()) throw std::runtime_error("the options of a block are not whole");
    blocks.push_back(std::move(block));
  }
  return blocks;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace trivet::packet
