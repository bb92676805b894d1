// SPDX-License-Identifier: MIT
#include <cstdint>
#include <gtest/gtest.h>
#include <map>
#include <random>

#include <wasmup/detail/contexts.hpp>

using wasmup::detail::Context;
using wasmup::detail::Contexts;

TEST(Contexts, behave_as_a_map_under_any_order_of_inserting_and_erasing) {
  std::mt19937 random(1);
  Contexts contexts;
  std::map<uint32_t, uint32_t> model;
  for (int step = 0; step != 200'000; ++step) {
    // A narrow range makes neighbours collide and wrap around.
    const uint32_t id = 1 + random() % 600;
    if (random() % 2 == 0) {
      if (contexts.find(id) == nullptr) {
        Context* const inserted = contexts.insert(id);
        ASSERT_NE(inserted, nullptr);
        inserted->root = static_cast<uint32_t>(step);
        model[id] = static_cast<uint32_t>(step);
      }
    } else if (Context* found = contexts.find(id)) {
      contexts.erase(found);
      model.erase(id);
    }
    const Context* probe = contexts.find(1 + random() % 600);
    if (probe != nullptr) {
      ASSERT_EQ(probe->root, model.at(probe->id));
    }
  }
  ASSERT_EQ(contexts.size(), model.size());
  for (const auto& [id, unit] : model) {
    const Context* found = contexts.find(id);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->root, unit);
  }
  contexts.clear();
  EXPECT_EQ(contexts.find(1), nullptr);
}

TEST(Contexts, are_found_by_a_condition) {
  Contexts contexts;
  EXPECT_EQ(contexts.find_if([](const Context&) { return true; }), nullptr);
  for (uint32_t id = 1; id != 100; ++id) contexts.insert(id)->unit = static_cast<uint8_t>(id);
  for (uint32_t id = 1; id != 100; ++id) {
    const Context* const found =
        contexts.find_if([id](const Context& context) { return context.unit == id; });
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->id, id);
  }
  EXPECT_EQ(contexts.find_if([](const Context& context) { return context.unit == 0; }), nullptr);
  contexts.clear();
}

TEST(Contexts, are_told_apart_from_earlier_ones_of_the_same_id) {
  using wasmup::detail::ContextRef;
  using wasmup::detail::contexts;
  using wasmup::detail::insert_context;
  const ContextRef first{7, insert_context(7).generation};
  EXPECT_NE(first.find(), nullptr);
  contexts.erase(contexts.find(7));
  EXPECT_EQ(first.find(), nullptr);
  const ContextRef second{7, insert_context(7).generation};
  EXPECT_EQ(first.find(), nullptr);
  EXPECT_NE(second.find(), nullptr);
  EXPECT_EQ(ContextRef().find(), nullptr);
  contexts.clear();
}
