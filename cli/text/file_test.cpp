// SPDX-License-Identifier: MIT
#include "file.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "../os/interrupt.hpp"
#include "../testing/folder_test.hpp"

namespace wasmup::text {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class File : public FolderTest {};

TEST_F(File, is_read_with_every_byte_as_it_is) {
  const std::string content("a\r\n\0b\xff\n", 7);
  EXPECT_EQ(read_file(write("f", content)).value(), content);
}

TEST_F(File, an_empty_one_is_not_an_error) { EXPECT_EQ(read_file(write("f", "")).value(), ""); }

TEST_F(File, a_missing_one_is_named_with_the_reason) {
  const Expected<std::string> read = read_file(folder_ / "none");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ExitCode::usage);
  EXPECT_THAT(read.error().what, HasSubstr("none"));
  EXPECT_EQ(read.error().seen, "No such file or directory");
}

TEST_F(File, a_folder_is_not_read) {
  const Expected<std::string> read = read_file(folder_);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().seen, "it is a folder");
}

TEST_F(File, is_written_whole_with_its_folders) {
  ASSERT_TRUE(write_file(folder_ / "a/b/c", "one"));
  ASSERT_TRUE(write_file(folder_ / "a/b/c", std::string("t\0o", 3)));
  EXPECT_EQ(read_file(folder_ / "a/b/c").value(), std::string("t\0o", 3));
}

TEST_F(File, that_cannot_be_written_leaves_what_is_there) {
  write("file", "mine");
  std::filesystem::create_directories(folder_ / "folder/sub");
  EXPECT_FALSE(write_file(folder_ / "file/below", "x"));
  EXPECT_FALSE(write_file(folder_ / "folder", "x"));
  EXPECT_EQ(read_file(folder_ / "file").value(), "mine");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "folder.new"));
}

TEST_F(File, larger_than_it_may_be_is_an_error_however_it_is_read) {
  write("f", std::string(1025, 'x'));
  EXPECT_TRUE(read_file(folder_ / "f", 1025));
  EXPECT_EQ(read_file(folder_ / "f", 1024).error().seen, "it has more than 1 KiB");
  EXPECT_EQ(read_beneath(folder_, "f", 1024).error().seen, "it has more than 1 KiB");
  EXPECT_EQ(read_file("/dev/zero", size_t{1} << 20).error().seen, "it has more than 1 MiB");
}

TEST_F(File, that_is_a_pipe_is_read_to_its_end) {
  const std::string pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(pipe) << "through"; });
  EXPECT_EQ(read_file(pipe).value(), "through");
  writer.join();
}

TEST_F(File, that_never_comes_is_waited_for_until_ctrl_c) {
  const std::string pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const os::Interrupt interrupt;
  std::thread user([] { ::kill(::getpid(), SIGINT); });
  const Expected<std::string> read = read_file(pipe);
  user.join();
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ExitCode::interrupted);
}

TEST_F(File, is_read_after_ctrl_c_if_it_is_there) {
  write("f", "what is to be cleaned up");
  const os::Interrupt interrupt;
  ::raise(SIGINT);
  EXPECT_EQ(read_file(folder_ / "f").value(), "what is to be cleaned up");
  EXPECT_EQ(read_beneath(folder_, "f").value(), "what is to be cleaned up");
}

TEST_F(File, is_read_through_a_link_that_the_user_named) {
  write("f", "content");
  fs::create_symlink("f", folder_ / "link");
  EXPECT_EQ(read_file(folder_ / "link").value(), "content");
}

/// A folder of somebody else's beside a file of the user's, with all the ways out of it.
class Beneath : public File {
 protected:
  void SetUp() override {
    fs::create_directories(theirs_ / "sub");
    write("secret", "secret");
    write("private/file", "secret");
    write("theirs/sub/f", "content");
    fs::create_symlink("../secret", theirs_ / "link");
    fs::create_symlink(folder_ / "secret", theirs_ / "absolute_link");
    fs::create_symlink("../private", theirs_ / "linked");
    fs::create_symlink("sub/f", theirs_ / "inner_link");
    fs::create_symlink("nowhere", theirs_ / "dangling");
    fs::create_symlink("loop", theirs_ / "loop");
    ASSERT_EQ(::mkfifo((theirs_ / "pipe").c_str(), 0600), 0);
  }

  const fs::path theirs_ = folder_ / "theirs";
};

TEST_F(Beneath, is_what_is_read) {
  EXPECT_EQ(read_beneath(theirs_, "sub/f").value(), "content");
  EXPECT_EQ(read_beneath(theirs_, "./sub//../sub/f").value(), "content");
  EXPECT_EQ(read_beneath(theirs_ / "linked" / "..", "theirs/sub/f").value(),
            "content");  // the user's own way
}

TEST_F(Beneath, nothing_else_is_read) {
  for (const fs::path& name : std::initializer_list<fs::path>{
           "../secret", folder_ / "secret", "sub/../../secret", "link", "absolute_link", "linked/file",
           "linked/../secret/x", "inner_link", "dangling", "loop", "pipe", "sub", ".", "", "..", "/",
           "sub/f/below", "none", std::string("sub/f\0/x", 8)}) {
    const Expected<std::string> read = read_beneath(theirs_, name);
    ASSERT_FALSE(read) << name;
    EXPECT_EQ(read.error().code, ExitCode::usage) << name;
    EXPECT_FALSE(read.error().seen.empty()) << name;
  }
  EXPECT_THAT(read_beneath(theirs_, "../secret").error().seen, HasSubstr("outside of the folder"));
  for (const char* link : {"link", "linked/file", "inner_link", "loop"}) {
    EXPECT_THAT(read_beneath(theirs_, link).error().seen, HasSubstr("it is a link")) << link;
  }
}

TEST_F(Beneath, nothing_else_is_written) {
  for (const fs::path& name :
       std::initializer_list<fs::path>{"../secret", "linked/file", "linked/new", "sub/../../secret",
                                       folder_ / "secret", "pipe", "sub", "", "."}) {
    EXPECT_FALSE(write_beneath({theirs_, name}, "changed")) << name;
  }
  EXPECT_EQ(read_file(folder_ / "secret").value(), "secret");
  EXPECT_EQ(read_file(folder_ / "private/file").value(), "secret");
  EXPECT_FALSE(fs::exists(folder_ / "private/new"));
}

TEST_F(Beneath, a_link_in_the_place_of_a_file_is_replaced) {
  for (const char* name : {"link", "absolute_link", "dangling", "loop"}) {
    ASSERT_TRUE(write_beneath({theirs_, name}, "written")) << name;
    EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(theirs_ / name))) << name;
    EXPECT_EQ(read_file(theirs_ / name).value(), "written");
  }
  EXPECT_EQ(read_file(folder_ / "secret").value(), "secret");
  EXPECT_FALSE(fs::exists(theirs_ / "nowhere"));
}

TEST_F(File, is_written_under_no_name_that_can_be_known_before) {
  write("secret", "secret");
  for (const char* name : {"f.new", "f.tmp", ".f", ".f.new", "f~"})
    fs::create_symlink("secret", folder_ / name);
  fs::create_symlink("secret", folder_ / "f");
  ASSERT_TRUE(write_file(folder_ / "f", "written"));
  EXPECT_EQ(read_file(folder_ / "secret").value(), "secret");
  EXPECT_EQ(read_file(folder_ / "f").value(), "written");
}

TEST_F(File, a_second_name_of_a_file_keeps_its_content) {
  write("mine", "mine");
  fs::create_hard_link(folder_ / "mine", folder_ / "planted");
  ASSERT_TRUE(write_file(folder_ / "planted", "written"));
  EXPECT_EQ(read_file(folder_ / "mine").value(), "mine");
}

TEST_F(File, what_is_in_dev_is_written_to_and_stays_what_it_is) {
  EXPECT_TRUE(write_file("/dev/null", "x"));
  EXPECT_TRUE(write_file("/dev/../dev/null", "x"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(File, a_failure_leaves_nothing_behind) {
  fs::create_directories(folder_ / "folder/sub");
  EXPECT_FALSE(write_file(folder_ / "folder", "x"));
  EXPECT_FALSE(write_file(folder_ / std::string(300, 'n'), "x"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

bool any(const fs::path& entry, bool) { return entry != "precious" && entry != "sub/precious"; }

TEST_F(Beneath, a_folder_is_replaced_as_a_whole) {
  ASSERT_TRUE(replace_folder({theirs_, "new/one"}, {{"a", "1"}, {"b/c", "2"}}, any));
  ASSERT_TRUE(replace_folder({theirs_, "new/one"}, {{"b/d", "3"}}, any));
  EXPECT_FALSE(fs::exists(theirs_ / "new/one/a"));
  EXPECT_EQ(read_file(theirs_ / "new/one/b/d").value(), "3");
  EXPECT_EQ(std::distance(fs::directory_iterator(theirs_ / "new"), fs::directory_iterator()), 1);
}

TEST_F(Beneath, a_folder_with_anything_unknown_in_it_is_not_replaced) {
  fs::create_directories(theirs_ / "linking");
  fs::create_symlink("../../private", theirs_ / "linking/blobs");
  write("theirs/mine/sub/precious", "mine");
  for (const char* name : {"linking", "linked", "mine", "sub/f", "link", "../private", "pipe", "dangling"}) {
    EXPECT_FALSE(replace_folder({theirs_, name}, {{"a", "1"}}, any)) << name;
  }
  EXPECT_EQ(read_file(folder_ / "private/file").value(), "secret");
  EXPECT_EQ(read_file(theirs_ / "mine/sub/precious").value(), "mine");
  EXPECT_EQ(read_file(theirs_ / "sub/f").value(), "content");
}

}  // namespace
}  // namespace wasmup::text
