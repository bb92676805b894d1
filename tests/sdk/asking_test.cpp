// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wasmup::LogLevel;

namespace {

class Asking : public ::testing::Test {
 protected:
  Asking() : host_(HostOptions{.clusters = {"auth"}}) {}

  void expect_answered(const char* as, const char* line) {
    Stream other = host_.open_stream();
    Stream stream = host_.open_stream();
    stream.request_headers(get("/", {{"x-as", as}}).headers);
    ASSERT_EQ(host_.http_calls().size(), 1U);
    EXPECT_TRUE(stream.request_is_held());
    host_.answer(host_.http_calls()[0], reply());
    EXPECT_FALSE(stream.request_is_held());
    EXPECT_THAT(host_.logs(), ElementsAre(Logged(LogLevel::info, line)));
  }

  Host host_;
};

}  // namespace

TEST_F(Asking, from_a_base_class_is_for_the_same_stream) {
  expect_answered("base", "a base class was told of common");
}

TEST_F(Asking, from_a_member_is_for_the_same_stream) {
  expect_answered("member", "a member was told of part");
}

TEST_F(Asking, for_what_belongs_to_no_context_is_refused) {
  for (const char* as : {"elsewhere", "local"}) {
    host_.clear_records();
    EXPECT_EQ(host_.exchange(get("/", {{"x-as", as}})).status(), 503) << as;
    EXPECT_THAT(host_.http_calls(), IsEmpty());
    EXPECT_THAT(host_.logs(), ElementsAre(Logged(LogLevel::info, "refused")));
  }
}

TEST_F(Asking, of_a_root_in_a_streams_callback_outlives_the_stream) {
  host_.exchange(get("/", {{"x-as", "root"}}));
  ASSERT_EQ(host_.http_calls().size(), 1U);
  host_.answer(host_.http_calls()[0], reply());
  EXPECT_THAT(host_.logs(), ElementsAre(Logged(LogLevel::info, "the root was told")));
}

TEST_F(Asking, by_a_handle_taken_in_a_base_class_finds_the_stream) {
  Stream stream = host_.open_stream();
  stream.request_headers(get("/", {{"x-as", "handle"}}).headers);
  EXPECT_TRUE(stream.request_is_held());
  host_.advance(std::chrono::milliseconds(50));
  EXPECT_FALSE(stream.request_is_held());
}
