// SPDX-License-Identifier: MIT
// Modules come from anywhere: whatever the bytes, the check answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>

#include "assemble.hpp"
#include "module_check.hpp"

namespace wasmup::wasm {
namespace {

using testing::IsEmpty;
using testing::Not;

std::vector<Finding> findings(std::string_view bytes) { return examine(bytes).findings; }

/// A module with every section, that ends with its code.
std::string rich_module() {
  return assemble(R"((module
      (type $reduce (func (param i32 f64) (result i32)))
      (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
      (import "env" "proxy_set_effective_context" (func $set (param i32) (result i32)))
      (table 4 funcref)
      (memory (export "memory") 1 2)
      (global $count (mut i32) (i32.const 7))
      (func (export "proxy_abi_version_0_2_1"))
      (func (export "malloc") (param i32) (result i32) (i32.const 4096))
      (func $reduce (type $reduce) (local i64 f32)
        (block $done (loop $more
          (br_if $done (i32.eqz (local.get 0)))
          (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
          (br_table $more $done $more (local.get 0))))
        (if (result i32) (local.get 0)
          (then (call_indirect (type $reduce) (local.get 0) (local.get 1) (i32.const 1)))
          (else (select (i32.const 1) (i32.load offset=8 (i32.const 0)) (global.get $count)))))
      (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
        (drop (call $log (i32.const 2) (i32.const 16) (i32.const 5)))
        (memory.fill (i32.const 0) (i32.const 1) (memory.grow (i32.const 1)))
        (drop (v128.load (i32.const 32)))
        (try (do (drop (call $set (i32.const 1)))) (catch_all))
        (i32.const 0))
      (elem (i32.const 0) func $reduce $log $set)
      (start 2)))");
}

TEST(module_check_fuzz, the_rich_module_passes) { ASSERT_THAT(findings(rich_module()), IsEmpty()); }

TEST(module_check_fuzz, every_truncation_is_refused) {
  const std::string whole = rich_module();
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THAT(findings(std::string_view(whole).substr(0, size)), Not(IsEmpty()))
        << "after " << size << " bytes";
  }
}

TEST(module_check_fuzz, every_single_changed_byte_is_answered) {
  const std::string whole = rich_module();
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const unsigned change : {0x01U, 0x80U, 0xffU}) {
      std::string changed = whole;
      changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ change);
      static_cast<void>(findings(changed));
    }
  }
}

TEST(module_check_fuzz, random_damage_is_answered) {
  const std::string whole = rich_module();
  std::mt19937 random(20240607);  // fixed: a failure must come again
  const auto below = [&random](size_t limit) {
    return std::uniform_int_distribution<size_t>(0, limit - 1)(random);
  };
  for (int round = 0; round < 5000; ++round) {
    std::string changed = whole;
    const size_t changes = 1 + below(4);
    for (size_t change = 0; change < changes; ++change) {
      const size_t at = below(changed.size());
      switch (below(3)) {
        case 0:
          changed[at] = static_cast<char>(below(256));
          break;
        case 1:
          changed.insert(at, 1, static_cast<char>(below(256)));
          break;
        default:
          changed.erase(at, 1 + below(3));
          break;
      }
    }
    static_cast<void>(findings(changed));
  }
}

std::string leb(size_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(0x80 | (value & 0x7f));
  return bytes + static_cast<char>(value);
}

std::string section(char id, const std::string& content) { return id + leb(content.size()) + content; }

/// A module of one function without parameters or results.
std::string module_of_function(const std::string& body) {
  return std::string("\0asm\1\0\0\0", 8) + section(1, std::string("\1\x60\0\0", 4)) +
         section(3, std::string("\1\0", 2)) + section(10, "\1" + leb(body.size()) + body);
}

TEST(module_check_fuzz, blocks_in_blocks_without_end_do_not_exhaust_the_stack) {
  constexpr size_t depth = 1'000'000;
  std::string body(1, '\0');
  for (size_t i = 0; i < depth; ++i) body += "\x02\x40";
  body.append(depth + 1, '\x0b');
  EXPECT_THAT(findings(module_of_function(body)), Not(IsEmpty()));  // it has no marker, but it was read
}

TEST(module_check_fuzz, counts_that_promise_billions_do_not_exhaust_memory) {
  const std::string most("\xff\xff\xff\xff\x0f");
  for (const char id : std::string("\1\2\3\4\5\6\7\x09\x0a\x0b\x0d")) {
    EXPECT_THAT(findings(std::string("\0asm\1\0\0\0", 8) + section(id, most)), Not(IsEmpty()))
        << "in section " << int{id};
  }
  const std::string locals = "\1" + most + "\x7f\x0b";  // one declaration of 2^32 - 1 locals
  static_cast<void>(findings(module_of_function(locals)));
  const std::string targets = std::string("\0\x41\0\x0e", 4) + most + std::string("\0\x0b", 2);
  EXPECT_THAT(findings(module_of_function(targets)), Not(IsEmpty()));
}

}  // namespace
}  // namespace wasmup::wasm
