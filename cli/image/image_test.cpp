// SPDX-License-Identifier: MIT
#include "image.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "../wasm/assemble.hpp"
#include "acceptance.hpp"
#include "digest.hpp"
#include "media_types.hpp"

namespace wasmup::image {
namespace {

using nlohmann::json;

/// A module whose bytes no assembler's version changes.
std::string module() {
  // (module (memory (export "memory") 1) (func (export "proxy_abi_version_0_2_1"))
  //         (func (export "malloc") (param i32) (result i32) i32.const 0))
  return {
      "\0asm\1\0\0\0"
      "\1\x09\2\x60\0\0\x60\1\x7f\1\x7f"
      "\3\3\2\0\1"
      "\5\3\1\0\1"
      "\7\x2d\3\6memory\2\0\x17proxy_abi_version_0_2_1\0\0\6malloc\0\1"
      "\x0a\x09\2\2\0\x0b\4\0\x41\0\x0b",
      8 + 11 + 5 + 5 + 47 + 11};
}

TEST(Image, has_the_same_digest_on_every_machine) {
  const Image image = build({"x", module()}).value();
  EXPECT_EQ(image.digest(), "sha256:46de8feed5315f027073b814f2a7efceafa4b273a1f1adf2958f37b11e96e48e");
  EXPECT_EQ(build({"other name", module()}).value().digest(), image.digest());
  EXPECT_EQ(build({"x", module()}, {.format = Format::artifact}).value().digest(),
            "sha256:cda1c2ab4e5ecc6990c81520ddf3326811342b63cb404aed98214df991e720f7");
}

TEST(Image, is_of_one_layer_with_plugin_wasm) {
  const Image image = build({"x", module()}).value();
  const json manifest = json::parse(image.manifest);
  EXPECT_EQ(manifest["mediaType"], media_type::manifest);
  ASSERT_EQ(manifest["layers"].size(), 1U);
  EXPECT_EQ(manifest["layers"][0]["mediaType"], media_type::layer);
  const Accepted accepted = acceptance(image).value();
  EXPECT_EQ(accepted.module, module());
  EXPECT_EQ(accepted.kind, "OCI image");
  EXPECT_EQ(accepted.digest, image.digest());
}

TEST(Image, is_an_artifact_of_two_layers_on_request) {
  const Image image = build({"x", module()}, {.format = Format::artifact}).value();
  EXPECT_EQ(json::parse(image.manifest)["layers"].size(), 2U);
  EXPECT_EQ(image.blobs.at(digest_of(module())), module());
  EXPECT_EQ(acceptance(image).value().kind, "OCI artifact");
  EXPECT_EQ(acceptance(image).value().module, module());
}

TEST(Image, names_its_parts_by_what_they_are) {
  const Image image = build({"x", module()}).value();
  for (const auto& [digest, bytes] : image.blobs) EXPECT_EQ(digest, digest_of(bytes));
  const json config = json::parse(image.blobs.at(json::parse(image.manifest)["config"]["digest"]));
  EXPECT_EQ(config["os"], "linux");
  EXPECT_FALSE(config.contains("created")) << "a clock would make every digest another";
}

TEST(Image, has_its_annotations_in_its_digest) {
  const Image plain = build({"x", module()}).value();
  const Image annotated = build({"x", module()}, {.annotations = {{"a", "b"}}}).value();
  EXPECT_EQ(json::parse(annotated.manifest)["annotations"]["a"], "b");
  EXPECT_NE(annotated.digest(), plain.digest());
  EXPECT_EQ(annotated.blobs, plain.blobs);
}

TEST(Image, is_not_made_of_what_would_not_load) {
  EXPECT_EQ(build({"x", "no module"}).error().code, ExitCode::module_refused);
}

TEST(Digest, is_sha256) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_of(digest_of("a")), sha256("a"));
  EXPECT_EQ(hex_of("sha256:../../etc/passwd"), "");
  EXPECT_EQ(hex_of("sha512:" + sha256("a")), "");
}

}  // namespace
}  // namespace wasmup::image
