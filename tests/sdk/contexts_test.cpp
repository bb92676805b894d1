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
        inserted->unit = static_cast<uint32_t>(step);
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

TEST(Contexts, are_taken_out_by_a_condition_wherever_they_lie) {
  std::mt19937 random(2);
  for (int round = 0; round != 500; ++round) {
    Contexts contexts;
    std::map<uint32_t, bool> model;  // whether it is wanted
    const uint32_t first = 1 + random() % 60;
    const uint32_t count = random() % 40;
    for (uint32_t i = 0; i != count; ++i) {
      // Many of one home, so that clusters run over the table's end.
      const uint32_t id = first + 64 * (random() % 20) + random() % 3;
      if (!model.emplace(id, random() % 2 == 0).second) continue;
      ASSERT_TRUE(contexts.insert(id));
    }
    std::map<uint32_t, bool> taken;
    contexts.take_if([&](const Context& context) { return model.at(context.id); },
                     [&](const Context& context) { taken[context.id] = true; });
    for (const auto& [id, is_wanted] : model) {
      ASSERT_EQ(taken.contains(id), is_wanted);
      ASSERT_EQ(contexts.find(id) != nullptr, !is_wanted);
    }
    ASSERT_EQ(contexts.size(), model.size() - taken.size());
    contexts.clear();
  }
}
