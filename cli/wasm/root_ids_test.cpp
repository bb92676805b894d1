// SPDX-License-Identifier: MIT
#include "root_ids.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <wasmup/detail/root_ids.hpp>

#include "assemble.hpp"

namespace wasmup::wasm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* get_property =
    R"((import "env" "proxy_get_property" (func (param i32 i32 i32 i32) (result i32))))";

/// Of a module with this at the end of its data.
RootIds ids_of(std::string_view data, std::string_view fields = get_property) {
  std::string text;
  for (const char c : data) {
    constexpr const char* digits = "0123456789abcdef";
    text.append(
        {'\\', digits[static_cast<unsigned char>(c) / 16], digits[static_cast<unsigned char>(c) % 16]});
  }
  const std::string bytes =
      minimal_module(std::string(fields) + "(data (i32.const 64) \"before" + text + "\")");
  return root_ids_of(std::get<Module>(decode(bytes)), bytes);
}

template <class... Units>
std::string listed() {
  const auto list = wasmup::detail::list_root_ids<Units...>();
  return {list.data(), list.size()};
}

struct Auth {
  static constexpr std::string_view root_id = "auth";
};
struct Limit {
  static constexpr const char* root_id = "rate-limit";
};
struct Any {};

TEST(root_ids, those_that_our_filters_name_are_found) {
  const RootIds ids = ids_of(listed<Auth, Limit>());
  EXPECT_THAT(ids.names, ElementsAre("auth", "rate-limit"));
  EXPECT_FALSE(ids.serves_others);
}

TEST(root_ids, one_filter_may_serve_all_others) {
  const RootIds ids = ids_of(listed<Any, Auth>());
  EXPECT_THAT(ids.names, ElementsAre("auth"));
  EXPECT_TRUE(ids.serves_others);
}

TEST(root_ids, other_peoples_modules_show_whether_they_ask) {
  EXPECT_TRUE(ids_of("plugin_root_id").is_asked_for);
  EXPECT_TRUE(ids_of(std::string_view("p\0l\0u\0g\0i\0n\0_\0r\0o\0o\0t\0_\0i\0d\0", 28)).is_asked_for);
  EXPECT_FALSE(ids_of("plugin_name").is_asked_for);
  EXPECT_FALSE(ids_of("plugin_root_id", "").is_asked_for) << "it cannot";
  EXPECT_THAT(ids_of("plugin_root_id").names, IsEmpty());
}

TEST(root_ids, a_list_that_is_cut_off_is_none) {
  const std::string whole = listed<Auth, Limit>();
  for (size_t size = 0; size != whole.size(); ++size) {
    EXPECT_TRUE(ids_of(whole.substr(0, size)).serves_others) << size;
  }
}

}  // namespace
}  // namespace wasmup::wasm
