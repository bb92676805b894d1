// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;

namespace {

/// What a stream that comes now finds of the first one.
std::string first(Host& host) {
  const Exchange exchange = host.exchange(get("/"));
  return exchange.upstream ? exchange.upstream->headers.get("x-first").value_or("") : "";
}

TEST(DeferredDeletion, is_not_there_unless_asked_for) {
  Host host;
  host.open_stream().close();
  EXPECT_EQ(first(host), "gone");
}

TEST(DeferredDeletion, keeps_contexts_after_on_delete) {
  Host host;
  Stream stream = host.open_stream();
  {
    const DeferredDeletion pass = host.defer_deletion();
    stream.close();
    EXPECT_EQ(first(host), "there");
  }
  EXPECT_EQ(first(host), "gone");
}

TEST(DeferredDeletion, ends_with_the_last_of_several) {
  Host host;
  DeferredDeletion outer = host.defer_deletion();
  {
    const DeferredDeletion inner = host.defer_deletion();
    host.open_stream().close();
  }
  EXPECT_EQ(first(host), "there");
  {
    const DeferredDeletion moved = std::move(outer);
  }
  EXPECT_EQ(first(host), "gone");
}

TEST(DeferredDeletion, keeps_the_root_of_a_context) {
  Host host;
  Stream stream = host.open_stream();
  const size_t before = host.vm_entries();
  {
    const DeferredDeletion pass = host.defer_deletion();
    stream.close();
    ASSERT_TRUE(host.reconfigure("new"));
    EXPECT_EQ(first(host), "there");
  }
  EXPECT_GT(host.vm_entries(), before);
  EXPECT_EQ(first(host), "gone");
}

}  // namespace
