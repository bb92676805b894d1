// SPDX-License-Identifier: MIT
#include "layout.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

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
  ASSERT_TRUE(write_layout(image_, text::place_of(folder_ / "x.oci"), "ghcr.io/a/b:v1").has_value());
  ASSERT_TRUE(text::write_file(folder_ / "x.tar", to_archive(image_)).has_value());
  for (const char* const name : {"x.oci", "x.tar"}) {
    EXPECT_TRUE(is_layout(folder_ / name));
    const Image read = read_layout(folder_ / name).value();
    EXPECT_EQ(read.manifest, image_.manifest);
    EXPECT_EQ(read.blobs, image_.blobs);
  }
}

TEST_F(LayoutTest, has_the_names_that_tools_look_for) {
  ASSERT_TRUE(write_layout(image_, text::place_of(folder_ / "x"), "ghcr.io/a/b:v1").has_value());
  const json index = json::parse(text::read_file(folder_ / "x/index.json").value());
  const json names = index["manifests"][0]["annotations"];
  EXPECT_EQ(names["org.opencontainers.image.ref.name"], "v1");
  EXPECT_EQ(names["io.containerd.image.name"], "ghcr.io/a/b:v1");
  EXPECT_TRUE(fs::exists(folder_ / "x/blobs/sha256" / hex_of(image_.digest())));
}

TEST_F(LayoutTest, is_also_what_docker_load_reads) {
  ASSERT_TRUE(text::write_file(folder_ / "x.tar", to_archive(image_, "ghcr.io/a/b:v1")).has_value());
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
  ASSERT_TRUE(text::write_file(folder_ / "y.tar", to_archive(artifact)).has_value());
  const std::vector<File> others = untar(text::read_file(folder_ / "y.tar").value(), 1 << 20, all).value();
  for (const File& one : others) EXPECT_NE(one.name, "manifest.json") << "Docker knows no artifacts";
}

TEST_F(LayoutTest, takes_the_place_of_another_one_and_of_nothing_else) {
  const Image other = build({"x", wasm::minimal_module()}, {.annotations = {{"a", "b"}}}).value();
  ASSERT_TRUE(write_layout(other, text::place_of(folder_ / "x")).has_value());
  ASSERT_TRUE(write_layout(image_, text::place_of(folder_ / "x")).has_value());
  EXPECT_EQ(read_layout(folder_ / "x").value().manifest, image_.manifest);
  EXPECT_FALSE(fs::exists(folder_ / "x/blobs/sha256" / hex_of(other.digest())));

  write("mine/notes.txt", "");
  EXPECT_EQ(write_layout(image_, text::place_of(folder_ / "mine")).error().code, ExitCode::usage);
  EXPECT_FALSE(fs::exists(folder_ / "mine/index.json"));
}

TEST_F(LayoutTest, planted_links_lead_nowhere) {
  write("precious/keys", "mine");
  for (const char* const planted :
       {"blobs", "blobs/sha256", "index.json", "oci-layout", "blobs/sha256/x", ""}) {
    const fs::path layout = folder_ / "x";
    fs::remove_all(layout);
    write("x/oci-layout", "{}");
    write("x/blobs/sha256/old", "");
    fs::remove_all(layout / planted);
    const fs::path target = std::string_view(planted).ends_with('x') ||
                                    std::string_view(planted).starts_with('o') ||
                                    std::string_view(planted).starts_with('i')
                                ? folder_ / "precious/keys"
                                : folder_ / "precious";
    fs::create_symlink(target, *planted == 0 ? layout : layout / planted);
    EXPECT_FALSE(write_layout(image_, text::place_of(layout)).has_value()) << planted;
    EXPECT_EQ(text::read_file(folder_ / "precious/keys").value(), "mine") << planted;
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "precious"), fs::directory_iterator()), 1)
        << planted;
  }
}

TEST_F(LayoutTest, other_things_in_it_are_not_removed) {
  ASSERT_TRUE(write_layout(image_, text::place_of(folder_ / "x")).has_value());
  for (const char* const name : {"x/notes", "x/blobs/notes", "x/blobs/sha256/sub/notes", "x/.git/config"}) {
    const fs::path mine = write(name, "mine");
    EXPECT_EQ(write_layout(image_, text::place_of(folder_ / "x")).error().code, ExitCode::usage) << name;
    EXPECT_EQ(text::read_file(mine).value(), "mine");
    fs::remove(mine);
    if (fs::is_empty(mine.parent_path())) fs::remove(mine.parent_path());
  }
  EXPECT_TRUE(write_layout(image_, text::place_of(folder_ / "x")).has_value());
}

TEST_F(LayoutTest, its_files_are_read_without_following_links_and_are_bounded) {
  ASSERT_TRUE(write_layout(image_, text::place_of(folder_ / "x")).has_value());
  const fs::path index = folder_ / "x/index.json";
  fs::rename(index, folder_ / "elsewhere");
  fs::create_symlink("../elsewhere", index);
  EXPECT_FALSE(read_layout(folder_ / "x"));
  fs::remove(index);
  ASSERT_EQ(::mkfifo(index.c_str(), 0600), 0);
  EXPECT_FALSE(read_layout(folder_ / "x"));
  fs::remove(index);
  fs::create_symlink("/dev/zero", index);
  EXPECT_FALSE(read_layout(folder_ / "x"));
}

TEST_F(LayoutTest, reads_a_folder_as_skopeo_writes_it) {
  write("dir/version", "Directory Transport Version: 1.1\n");
  write("dir/manifest.json", image_.manifest);
  for (const auto& [digest, bytes] : image_.blobs) write("dir/" + hex_of(digest), bytes);
  EXPECT_TRUE(is_layout(folder_ / "dir"));
  EXPECT_EQ(read_layout(folder_ / "dir").value().blobs, image_.blobs);
}

TEST_F(LayoutTest, leaves_out_a_blob_that_was_changed) {
  ASSERT_TRUE(write_layout(image_, text::place_of(folder_ / "x")).has_value());
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
