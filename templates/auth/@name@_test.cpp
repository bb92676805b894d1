#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace {

/// A request that waits for the service's answer.
class @Type@ : public ::testing::Test {
 protected:
  @Type@()
      : host_(HostOptions{.plugin_configuration = R"({"cluster": "keys"})", .clusters = {"keys"}}),
        stream_(host_.open_stream()) {}

  HttpCall asked() {
    stream_.request_headers(get("/", {{"x-api-key", "key-of-ada"}}).headers);
    EXPECT_TRUE(stream_.request_is_held());
    EXPECT_THAT(host_.http_calls(), SizeIs(1));
    return host_.http_calls().at(0);
  }

  Host host_;
  Stream stream_;
};

}  // namespace

TEST_F(@Type@, asks_the_service_with_the_key) {
  EXPECT_THAT(asked().headers, HasHeader("x-api-key", "key-of-ada"));
}

TEST_F(@Type@, lets_pass_what_the_service_lets_pass) {
  host_.answer(asked(), reply(200));
  EXPECT_THAT(stream_.so_far().upstream, HasHeader(":path", "/"));
}

TEST_F(@Type@, refuses_what_the_service_refuses) {
  host_.answer(asked(), reply(403));
  EXPECT_EQ(stream_.so_far().status(), 403);
  EXPECT_FALSE(stream_.so_far().upstream);
}

TEST_F(@Type@, lets_nobody_pass_when_the_service_fails) {
  host_.answer(asked(), reply(500));
  EXPECT_EQ(stream_.so_far().status(), 503);
  EXPECT_FALSE(stream_.so_far().upstream);
}

TEST_F(@Type@, asks_nobody_about_a_request_without_a_key) {
  stream_.request_headers(get("/").headers);
  EXPECT_EQ(stream_.so_far().status(), 401);
  EXPECT_THAT(host_.http_calls(), IsEmpty());
}
