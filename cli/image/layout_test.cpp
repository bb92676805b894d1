// SPDX-License-Identifier: MIT
#include "layout.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "../testing/folder_test.hpp"
#include "../text/file.hpp"
#include "../wasm/assemble.hpp"
#include "archive.hpp"
#include "digest.hpp"

namespace wasmup::image {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class LayoutTest : public FolderTest {
 protected:
  Image image_ = build({"x", wasm::minimal_module()}).value();
};

TEST_F(LayoutTest, comes_back_from_a_folder_and_from_an_archive) {
  ASSERT_TRUE(write_layout(image_, folder_ / "x.oci", "ghcr.io/a/b:v1").has_value());
  ASSERT_TRUE(write_archive(image_, folder_ / "x.tar").has_value());
  for (const char* const name : {"x.oci", "x.tar"}) {
    EXPECT_TRUE(is_layout(folder_ / name));
    const Image read = read_layout(folder_ / name).value();
    EXPECT_EQ(read.manifest, image_.manifest);
    EXPECT_EQ(read.blobs, image_.blobs);
  }
}

TEST_F(LayoutTest, has_the_names_that_tools_look_for) {
  ASSERT_TRUE(write_layout(image_, folder_ / "x", "ghcr.io/a/b:v1").has_value());
  const json index = json::parse(text::read_file(folder_ / "x/index.json").value());
  const json names = index["manifests"][0]["annotations"];
  EXPECT_EQ(names["org.opencontainers.image.ref.name"], "v1");
  EXPECT_EQ(names["io.containerd.image.name"], "ghcr.io/a/b:v1");
  EXPECT_TRUE(fs::exists(folder_ / "x/blobs/sha256" / hex_of(image_.digest())));
}

TEST_F(LayoutTest, is_also_what_docker_load_reads) {
  ASSERT_TRUE(write_archive(image_, folder_ / "x.tar", "ghcr.io/a/b:v1").has_value());
  const auto all = [](std::string_view) { return true; };
  const std::vector<File> files = untar(text::read_file(folder_ / "x.tar").value(), 1 << 20, all).value();
  const auto file = [&](const std::string& name) {
    const auto found = std::ranges::find(files, name, &File::name);
    return found == files.end() ? std::string() : found->bytes;
  };
  const json list = json::parse(file("manifest.json"))[0];
  EXPECT_EQ(list["RepoTags"], json::array({"ghcr.io/a/b:v1"}));
  const std::string layer = file(list["Layers"][0]);
  EXPECT_EQ(json(digest_of(layer)), json::parse(image_.manifest)["layers"][0]["digest"]);
  // An older Docker unpacks the layer, and compares what is in it with this.
  const json config = json::parse(file(list["Config"]));
  EXPECT_EQ(config["rootfs"]["diff_ids"].size(), 1U);

  const Image artifact = build({"x", wasm::minimal_module()}, {.format = Format::artifact}).value();
  ASSERT_TRUE(write_archive(artifact, folder_ / "y.tar").has_value());
  const std::vector<File> others = untar(text::read_file(folder_ / "y.tar").value(), 1 << 20, all).value();
  for (const File& one : others) EXPECT_NE(one.name, "manifest.json") << "Docker knows no artifacts";
}

TEST_F(LayoutTest, takes_the_place_of_another_one_and_of_nothing_else) {
  const Image other = build({"x", wasm::minimal_module()}, {.annotations = {{"a", "b"}}}).value();
  ASSERT_TRUE(write_layout(other, folder_ / "x").has_value());
  ASSERT_TRUE(write_layout(image_, folder_ / "x").has_value());
  EXPECT_EQ(read_layout(folder_ / "x").value().manifest, image_.manifest);
  EXPECT_FALSE(fs::exists(folder_ / "x/blobs/sha256" / hex_of(other.digest())));

  write("mine/notes.txt", "");
  EXPECT_EQ(write_layout(image_, folder_ / "mine").error().code, ExitCode::usage);
  EXPECT_FALSE(fs::exists(folder_ / "mine/index.json"));
}

TEST_F(LayoutTest, reads_a_folder_as_skopeo_writes_it) {
  write("dir/version", "Directory Transport Version: 1.1\n");
  write("dir/manifest.json", image_.manifest);
  for (const auto& [digest, bytes] : image_.blobs) write("dir/" + hex_of(digest), bytes);
  EXPECT_TRUE(is_layout(folder_ / "dir"));
  EXPECT_EQ(read_layout(folder_ / "dir").value().blobs, image_.blobs);
}

TEST_F(LayoutTest, leaves_out_a_blob_that_was_changed) {
  ASSERT_TRUE(write_layout(image_, folder_ / "x").has_value());
  const std::string digest = json::parse(image_.manifest)["layers"][0]["digest"];
  write("x/blobs/sha256/" + hex_of(digest), "changed");
  EXPECT_FALSE(read_layout(folder_ / "x").value().blobs.contains(digest));
}

TEST_F(LayoutTest, refuses_what_is_none) {
  EXPECT_FALSE(is_layout(write("x.wasm", "")));
  fs::create_directory(folder_ / "empty");
  EXPECT_FALSE(is_layout(folder_ / "empty"));
  EXPECT_EQ(read_layout(folder_ / "empty").error().code, ExitCode::usage);
  EXPECT_EQ(read_layout(write("x.tar", "no archive")).error().code, ExitCode::usage);
  for (const char* const index : {"", "7", "{}", R"({"manifests":[]})", R"({"manifests":[7]})",
                                  R"({"manifests":[{"digest":"sha256:x"}]})"}) {
    write("bad/oci-layout", "{}");
    write("bad/index.json", index);
    EXPECT_EQ(read_layout(folder_ / "bad").error().code, ExitCode::usage) << index;
  }
}

}  // namespace
}  // namespace wasmup::image
