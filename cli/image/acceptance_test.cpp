// SPDX-License-Identifier: MIT
#include "acceptance.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "archive.hpp"
#include "digest.hpp"
#include "media_types.hpp"

namespace wasmup::image {
namespace {

using nlohmann::json;
using testing::HasSubstr;

/// Layers, and a manifest that speaks of them.
class AcceptanceTest : public testing::Test {
 protected:
  void add(std::string_view media_type, const std::string& bytes) {
    layers_.push_back({{"mediaType", media_type}, {"digest", digest_of(bytes)}, {"size", bytes.size()}});
    image_.blobs[digest_of(bytes)] = bytes;
  }
  Expected<Accepted> ask(std::string_view media_type = media_type::manifest) {
    image_.manifest = json{{"mediaType", media_type}, {"layers", layers_}}.dump();
    return acceptance(image_);
  }
  void expect_refused(std::string_view why, std::string_view media_type = media_type::manifest) {
    const Expected<Accepted> accepted = ask(media_type);
    ASSERT_FALSE(accepted.has_value()) << why;
    EXPECT_EQ(accepted.error().code, ExitCode::refused);
    EXPECT_THAT(accepted.error().seen, HasSubstr(why));
  }
  static std::string packed(const std::string& name) { return gzip_stored(tar({{name, "module"}})); }

  json layers_ = json::array();
  Image image_;
};

TEST_F(AcceptanceTest, takes_the_last_layer_of_an_image_of_either_kind) {
  add(media_type::layer, packed("other"));
  add(media_type::layer, packed("./some/plugin.wasm"));
  EXPECT_EQ(ask().value().module, "module");
  layers_ = json::array();
  add(media_type::docker_layer, packed("plugin.wasm"));
  EXPECT_EQ(ask(media_type::docker_manifest).value().kind, "Docker image");
}

TEST_F(AcceptanceTest, takes_no_other_layer_than_the_last) {
  add(media_type::layer, packed("plugin.wasm"));
  add(media_type::layer, packed("other"));
  expect_refused("no file called plugin.wasm");
}

TEST_F(AcceptanceTest, takes_layers_by_the_manifest_they_are_in) {
  add(media_type::docker_layer, packed("plugin.wasm"));
  expect_refused("last layer is of type application/vnd.docker", media_type::manifest);
  layers_ = json::array();
  add(media_type::layer, packed("plugin.wasm"));
  expect_refused("last layer is of type application/vnd.oci", media_type::docker_manifest);
}

TEST_F(AcceptanceTest, takes_an_artifact_of_two_layers_only) {
  add(media_type::wasm_layer, "module");
  expect_refused("must have two layers, and it has 1");
  add(media_type::wasm_config, "{}");
  EXPECT_EQ(ask().value().module, "module");
  add("text/plain", "more");
  expect_refused("must have two layers, and it has 3");
}

TEST_F(AcceptanceTest, refuses_the_artifact_of_one_layer_that_others_make) {
  add("application/wasm", "module");
  expect_refused("last layer is of type application/wasm");
}

TEST_F(AcceptanceTest, refuses_other_compressions) {
  add(media_type::layer, tar({{"plugin.wasm", "module"}}));
  expect_refused("not packed with gzip");
}

TEST_F(AcceptanceTest, refuses_an_index) {
  for (const std::string_view type : {media_type::index, media_type::docker_index, std::string_view("")}) {
    const Expected<Accepted> accepted =
        acceptance({json{{"mediaType", type}, {"manifests", json::array()}}.dump()});
    ASSERT_FALSE(accepted.has_value());
    EXPECT_THAT(accepted.error().seen, HasSubstr("it is an index"));
  }
}

TEST_F(AcceptanceTest, refuses_a_layer_that_is_not_what_is_said_of_it) {
  add(media_type::layer, packed("plugin.wasm"));
  layers_[0]["size"] = 7;
  expect_refused("its manifest says 7");
  image_.blobs.clear();
  expect_refused("is missing, or is not what its digest says");
}

TEST_F(AcceptanceTest, refuses_what_is_too_large_before_anything_is_fetched) {
  add(media_type::layer, packed("plugin.wasm"));
  layers_[0]["size"] = most_module_bytes + 1;
  expect_refused("may have 256 MiB");
  EXPECT_FALSE(acceptance_of_manifest(image_.manifest).has_value());
}

TEST_F(AcceptanceTest, bounds_what_may_be_fetched) {
  const auto largest_of = [](const std::vector<uint64_t>& sizes) {
    nlohmann::json layers = nlohmann::json::array();
    for (const uint64_t size : sizes) layers.push_back({{"size", size}});
    return largest_part(nlohmann::json{{"layers", layers}}.dump());
  };
  EXPECT_EQ(largest_of({5, 1000}).value(), 1000 + (uint64_t{1} << 20));
  EXPECT_EQ(largest_of({most_module_bytes}).value(), most_module_bytes + (uint64_t{1} << 20));
  for (const std::vector<uint64_t>& sizes : {std::vector<uint64_t>{~uint64_t{0}},
                                             {uint64_t{3} << 30},
                                             std::vector<uint64_t>(20, most_module_bytes),
                                             std::vector<uint64_t>(5000, 1)}) {
    EXPECT_EQ(largest_of(sizes).error().code, ExitCode::refused) << sizes.front();
  }
}

TEST_F(AcceptanceTest, refuses_whatever_else_a_manifest_may_be) {
  for (const char* const text : {"", "[]", "{}", R"({"layers":7})", R"({"layers":[7]})", R"({"layers":[{}]})",
                                 R"({"layers":[{"mediaType":1,"size":-1}]})"}) {
    EXPECT_EQ(acceptance({text}).error().code, ExitCode::refused) << text;
  }
}

}  // namespace
}  // namespace wasmup::image
