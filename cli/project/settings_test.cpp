// SPDX-License-Identifier: MIT
#include "settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "../testing/folder_test.hpp"

namespace wasmup::project {
namespace {

namespace fs = std::filesystem;

using testing::AllOf;
using testing::HasSubstr;

class SettingsTest : public FolderTest {
 protected:
  Expected<Settings> read(std::string_view text) {
    write("wasmup.yaml", text);
    return read_settings(folder_);
  }
};

TEST_F(SettingsTest, are_empty_without_a_file) {
  const Expected<Settings> settings = read_settings(folder_);
  ASSERT_TRUE(settings);
  EXPECT_FALSE(settings->root_id || settings->config || settings->requests);
  EXPECT_TRUE(read("")) << "nor with an empty one";
  EXPECT_TRUE(read("# nothing\n"));
}

TEST_F(SettingsTest, start_their_paths_at_the_folder) {
  const Settings settings =
      read("root_id: mark\nconfig: config.json\nrequests: /etc/requests.yaml\n").value();
  EXPECT_EQ(settings.root_id, "mark");
  EXPECT_EQ(settings.config->path(), folder_ / "config.json");
  EXPECT_EQ(settings.config->folder, folder_);
  EXPECT_EQ(settings.requests->name, "/etc/requests.yaml");
  EXPECT_FALSE(text::read(*settings.requests)) << "it lies elsewhere";
}

TEST_F(SettingsTest, are_refused_with_the_place_and_what_was_perhaps_meant) {
  const Error error = read("config: config.json\nrootid: x\n").error();
  EXPECT_EQ(error.code, ExitCode::usage);
  EXPECT_THAT(error.what, HasSubstr("wasmup.yaml:2:1"));
  EXPECT_THAT(error.seen, AllOf(HasSubstr("no setting 'rootid'"), HasSubstr("root_id?")));
}

TEST_F(SettingsTest, that_are_no_settings_are_refused) {
  for (const char* text : {"- a\n", "text\n", "config: [a]\n", "config: {a: b}\n", "config: a\n b: : c", "{",
                           "*a", "config:\n"}) {
    const Expected<Settings> settings = read(text);
    ASSERT_FALSE(settings) << text;
    EXPECT_EQ(settings.error().code, ExitCode::usage);
    EXPECT_THAT(settings.error().what, HasSubstr("wasmup.yaml")) << text;
  }
  EXPECT_FALSE(read(std::string(100'000, '[')));
}

TEST_F(SettingsTest, names_files_of_its_own_folder_alone) {
  write("secret", "mine");
  fs::create_directories(folder_ / "theirs");
  fs::create_symlink("../secret", folder_ / "theirs/link");
  for (const std::string& name :
       {std::string("../secret"), (folder_ / "secret").string(), std::string("link"),
        std::string("a/../../secret"), std::string("/dev/zero")}) {
    write("theirs/wasmup.yaml", "config: " + name + "\nrequests: " + name + "\n");
    const Settings settings = read_settings(folder_ / "theirs").value();
    EXPECT_FALSE(text::read(*settings.config)) << name;
    EXPECT_FALSE(text::read(*settings.requests)) << name;
  }
}

TEST_F(SettingsTest, is_a_file_of_its_folder_and_no_larger_than_such_files_are) {
  write("elsewhere.yaml", "root_id: a\n");
  const fs::path file = folder_ / "wasmup.yaml";
  for (const char* target : {"elsewhere.yaml", "/dev/zero", "nowhere"}) {
    fs::create_symlink(target, file);
    EXPECT_EQ(read_settings(folder_).error().code, ExitCode::usage) << target;
    fs::remove(file);
  }
  ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
  EXPECT_EQ(read_settings(folder_).error().code, ExitCode::usage);
  fs::remove(file);
  write("wasmup.yaml", "root_id: " + std::string(70'000, 'a'));
  EXPECT_EQ(read_settings(folder_).error().code, ExitCode::usage);
}

}  // namespace
}  // namespace wasmup::project
