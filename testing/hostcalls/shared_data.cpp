// SPDX-License-Identifier: MIT
#include "hostcalls.hpp"

namespace wasmup::testing {
namespace {

void set(SharedState& shared, std::string_view key, std::string_view value) {
  if (++shared.last_cas == 0) ++shared.last_cas;  // 0 means "whatever is there"
  shared.data.insert_or_assign(std::string(key), SharedState::Value{std::string(value), shared.last_cas});
}

Status get_shared_data(Host::Implementation& host, Arguments& in) {
  const std::string_view key = in.text();
  const Address data = in.out();
  const Address size = in.out();
  const Address cas = in.out();
  if (!in.valid()) return Status::invalid_memory_access;
  const auto found = host.shared.data.find(key);
  if (found == host.shared.data.end()) return Status::not_found;
  const Status given = host.give(data, size, found->second.bytes);
  return given == Status::ok ? give_number(*host.guest, cas, found->second.cas) : given;
}

Status set_shared_data(Host::Implementation& host, Arguments& in) {
  const std::string_view key = in.text();
  const std::string_view value = in.text();
  const uint32_t cas = in.number();
  if (!in.valid()) return Status::invalid_memory_access;
  const auto found = host.shared.data.find(key);
  if (found != host.shared.data.end() && cas != 0 && cas != found->second.cas) return Status::cas_mismatch;
  set(host.shared, key, value);
  return Status::ok;
}

constexpr HostcallEntry entries[] = {
    {"proxy_get_shared_data", get_shared_data},
    {"proxy_set_shared_data", set_shared_data},
};

}  // namespace

std::span<const HostcallEntry> shared_data_hostcalls() { return entries; }

// ---- the public face

std::optional<std::string> Host::shared_data(std::string_view key) const {
  const auto found = implementation_->shared.data.find(key);
  if (found == implementation_->shared.data.end()) return std::nullopt;
  return found->second.bytes;
}

void Host::set_shared_data(std::string_view key, std::string_view value) {
  set(implementation_->shared, key, value);
}

}  // namespace wasmup::testing
