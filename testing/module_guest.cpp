// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

#include <wasmup/signatures.hpp>
#include <wasmup/testing/guest.hpp>

#include "interpreter.hpp"
#include "module_path.hpp"

/// The built module, interpreted: the very bytes that Envoy gets.
namespace wasmup::testing {
namespace {

class ModuleGuest final : public Guest {
 public:
  ModuleGuest(const std::string& path, HostcallHandler handler)
      : handler_(std::move(handler)),
        interpreter_(
            path, [this](const std::string& module, const std::string& name) { return link(module, name); }) {
  }

  bool exports(std::string_view name) const override { return interpreter_.exports(name); }

  std::optional<uint32_t> call(std::string_view name, std::span<const uint32_t> arguments) override {
    return interpreter_.call(name, {arguments.begin(), arguments.end()});
  }
  const std::string& trap() const override { return interpreter_.trap(); }

  Address allocate(size_t size) override {
    for (const std::string_view name : {"malloc", "proxy_on_memory_allocate"}) {
      if (exports(name)) return interpreter_.call(name, {static_cast<uint32_t>(size)}).value_or(0);
    }
    return 0;
  }
  std::optional<std::string_view> read(Address address, size_t size) const override {
    if (!is_within(address, size)) return std::nullopt;
    return std::string_view(interpreter_.memory() + address, size);
  }
  bool write(Address address, std::string_view bytes) override {
    if (!is_within(address, bytes.size())) return false;
    std::memcpy(interpreter_.memory() + address, bytes.data(), bytes.size());
    return true;
  }
  size_t word_size() const override { return sizeof(uint32_t); }

  // The module's own free() cannot be watched: a leak shows as memory that grows.
  std::optional<size_t> unfreed_bytes() const override { return std::nullopt; }
  std::optional<size_t> memory_pages() const override { return interpreter_.memory_size() / 65536; }

 private:
  std::optional<Interpreter::Import> link(const std::string& module, const std::string& name) {
    std::span<const abi::Signature> offered;
    if (module == "env") offered = abi::hostcalls;
    if (module == "wasi_snapshot_preview1" || module == "wasi_unstable") offered = abi::wasi;
    const auto function = std::find_if(offered.begin(), offered.end(),
                                       [&](const abi::Signature& one) { return one.name == name; });
    if (function == offered.end()) return std::nullopt;
    return Interpreter::Import{std::string(function->parameters), std::string(function->result),
                               [this, name = function->name](const std::vector<uint64_t>& words) {
                                 return static_cast<uint32_t>(handler_(name, words));
                               }};
  }

  bool is_within(Address address, size_t size) const {
    return address <= interpreter_.memory_size() && size <= interpreter_.memory_size() - address;
  }

  HostcallHandler handler_;
  mutable Interpreter interpreter_;  // reading memory does not change it, but wabt has no const way to
};

}  // namespace

std::unique_ptr<Guest> make_guest(HostcallHandler handler) {
  return std::make_unique<ModuleGuest>(module_path(), std::move(handler));
}

}  // namespace wasmup::testing
