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
        ASSERT_TRUE(contexts.insert({.id = id, .unit = static_cast<uint32_t>(step)}));
        model[id] = static_cast<uint32_t>(step);
      }
    } else if (Context* found = contexts.find(id)) {
      contexts.erase(found);
      model.erase(id);
    }
    const Context* probe = contexts.find(1 + random() % 600);
    if (probe != nullptr) {
      ASSERT_EQ(probe->unit, model.at(probe->id));
    }
  }
  ASSERT_EQ(contexts.size(), model.size());
  for (const auto& [id, unit] : model) {
    const Context* found = contexts.find(id);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->unit, unit);
  }
  contexts.clear();
  EXPECT_EQ(contexts.find(1), nullptr);
}
