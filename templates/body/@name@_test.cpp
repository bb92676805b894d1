#include <wasmup/testing.hpp>

using namespace wasmup::testing;

namespace {

std::string answered(const std::string& body) {
  Host host(std::string(R"({"find": "cat", "replace": "tiger", "most_bytes": 20})"));
  return host.exchange(get("/"), reply(200, body)).client.value_or(Message{}).body;
}

}  // namespace

TEST(@Type@, replaces_every_occurrence) { EXPECT_EQ(answered("cat, cats"), "tiger, tigers"); }

TEST(@Type@, leaves_the_rest_alone) {
  EXPECT_EQ(answered("dog"), "dog");
  EXPECT_EQ(answered(""), "");
}

TEST(@Type@, lets_long_bodies_pass) {
  EXPECT_EQ(answered("a cat that is too long"), "a cat that is too long");
}

TEST(@Type@, promises_no_length_that_is_not_true) {
  Host host(std::string(R"({"find": "cat", "replace": "tiger"})"));
  EXPECT_THAT(host.exchange(get("/"), reply(200, "cat", {{"content-length", "3"}})).client,
              LacksHeader("content-length"));
}

TEST(@Type@, refuses_a_configuration_without_a_text_to_find) {
  EXPECT_FALSE(Host(std::string(R"({"replace": "x"})")).is_running());
}
