// SPDX-License-Identifier: MIT
#include <gtest/gtest-spi.h>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;

// The negative control of every other test's leak accounting.
TEST(Leaky, is_noticed) {
  if (Host(HostOptions{}).memory_pages()) {
    // In a module, leaks show as memory that grows.
    Host host;
    const auto before = host.memory_pages();
    for (int i = 0; i != 10'000; ++i) host.exchange(get("/"));
    EXPECT_GT(host.memory_pages(), before);
  } else {
    EXPECT_NONFATAL_FAILURE(Host().exchange(get("/")),
                            "of the bytes that hostcalls handed over, 3 were never freed");
  }
}
