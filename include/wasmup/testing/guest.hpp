// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <wasmup/abi.hpp>

/// What runs behind the fake host: the filter's source compiled into the test, or the built module in an
/// interpreter. Tests do not see the difference; which one it is, is decided by what the test is linked with.
namespace wasmup::testing {

/// An address in the guest's memory. 0 is no address.
using Address = uint64_t;

/// Answers a hostcall by its name; the words are its arguments as they stand in wasmup/abi.hpp.
using HostcallHandler = std::function<Status(std::string_view name, std::span<const uint64_t> words)>;

class Guest {
 public:
  virtual ~Guest() = default;

  virtual bool exports(std::string_view name) const = 0;
  /// Calls an export that is there. Its result (0 where it has none), or nothing when it trapped: see trap().
  virtual std::optional<uint32_t> call(std::string_view name, std::span<const uint32_t> arguments) = 0;
  virtual const std::string& trap() const = 0;

  /// Memory from the guest's own allocator, as a host takes it for what it hands over; 0 when there is none.
  virtual Address allocate(size_t size) = 0;
  /// The bytes at an address, or nothing when they are not all in memory.
  virtual std::optional<std::string_view> read(Address address, size_t size) const = 0;
  virtual bool write(Address address, std::string_view bytes) = 0;
  /// The size of a pointer and of a size_t in the guest: 4 in a module.
  virtual size_t word_size() const = 0;

  /// Bytes handed over that the guest has not freed, where that can be known (native builds).
  virtual std::optional<size_t> unfreed_bytes() const = 0;
  /// Pages of 64 KiB, where there are any (modules).
  virtual std::optional<size_t> memory_pages() const = 0;
};

/// A new VM with the module under test in it. Defined once by the library that the test is linked with.
std::unique_ptr<Guest> make_guest(HostcallHandler handler);

}  // namespace wasmup::testing
