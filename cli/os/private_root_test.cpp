// SPDX-License-Identifier: MIT
#include "private_root.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../testing/folder_test.hpp"
#include "../text/file.hpp"

namespace wasmup::os {
namespace {

namespace fs = std::filesystem;

class PrivateRootTest : public FolderTest {
 protected:
  /// What a process that has done it finds; it is another than ours, which has to stay where it is.
  template <class Look>
  int within(PrivateRoot wanted, Look look) {
    wanted.mount_point = folder_ / "root";
    fs::create_directory(wanted.mount_point);
    const pid_t child = ::fork();
    if (child == 0) ::_exit(enter_private_root(wanted) ? look() : 99);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status);
  }
};

TEST_F(PrivateRootTest, a_folder_that_the_machine_does_not_have_and_a_file_that_it_has_are_as_placed) {
  write("certs/ca.crt", "ours");
  const fs::path hosts = write("hosts", "127.0.0.1 ours");
  const PrivateRoot wanted{.placed = {{"/wasmup-test-certs", folder_ / "certs"}, {"/etc/hosts", hosts}}};
  const int status = within(wanted, [&] {
    const bool all = text::read_file("/wasmup-test-certs/ca.crt") == "ours" &&
                     text::read_file("/etc/hosts") == "127.0.0.1 ours" && fs::exists("/proc/self") &&
                     fs::exists(folder_ / "hosts") && ::access("/bin/sh", X_OK) == 0;
    return all ? 0 : 1;
  });
  EXPECT_EQ(status, 0);
  EXPECT_FALSE(fs::exists("/wasmup-test-certs"));
  EXPECT_NE(text::read_file("/etc/hosts").value_or(""), "127.0.0.1 ours");
  EXPECT_TRUE(fs::is_empty(folder_ / "root"));
}

TEST_F(PrivateRootTest, what_is_not_there_cannot_be_placed) {
  const PrivateRoot wanted{.placed = {{"/wasmup-test-certs", folder_ / "nothing"}}};
  EXPECT_EQ(within(wanted, [] { return 0; }), 99);
}

/// What the system says of a file that is opened to be written: 0, or a number of errno.
int error_of_writing(const fs::path& file, int flags = O_CREAT) {
  const int opened = ::open(file.c_str(), O_WRONLY | flags, 0600);
  if (opened < 0) return errno;
  const bool written = ::write(opened, "x", 1) == 1;
  ::close(opened);
  return written ? 0 : errno;
}

TEST_F(PrivateRootTest, nothing_can_be_written_but_in_the_folders_that_are_named) {
  const fs::path file = write("file", "as it was");
  const fs::path state = write("state/deep/file", "").parent_path().parent_path();
  const PrivateRoot wanted{.placed = {{"/wasmup-test-placed", write("placed/file", "").parent_path()}},
                           .writable = {state}};
  const int status = within(wanted, [&] {
    int wrong = 0;
    for (const fs::path& place :
         {file, folder_ / "new", folder_ / "root" / "new", fs::path("/wasmup-test-new"),
          fs::path("/wasmup-test-placed/file"), fs::path("/etc/hosts"), fs::path("/tmp/wasmup-test-new"),
          fs::path("/dev/shm/wasmup-test-new"), fs::path("/proc/self/comm")}) {
      const int error = error_of_writing(place);
      if (error != EROFS && error != EACCES)
        ++wrong;  // the latter when it could not be written out here either
    }
    if (::unlink(file.c_str()) == 0 || errno != EROFS) ++wrong;
    if (::link(file.c_str(), (state / "link").c_str()) == 0) ++wrong;
    for (const fs::path& place : {state / "new", state / "deep" / "file", fs::path("/dev/null")}) {
      if (error_of_writing(place, O_CREAT | O_TRUNC) != 0) ++wrong;
    }
    return wrong;
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(text::read_file(file), "as it was");
  EXPECT_EQ(text::read_file(state / "new"), "x");
  EXPECT_EQ(error_of_writing(folder_ / "new"), 0);  // the control: out here it can
}

}  // namespace
}  // namespace wasmup::os
