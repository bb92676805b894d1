// SPDX-License-Identifier: MIT
#include "private_root.hpp"

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
  int within(const std::vector<Placed>& placed, Look look) {
    fs::create_directory(folder_ / "root");
    const pid_t child = ::fork();
    if (child == 0) ::_exit(enter_private_root(placed, folder_ / "root") ? look() : 99);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status);
  }
};

TEST_F(PrivateRootTest, a_folder_that_the_machine_does_not_have_and_a_file_that_it_has_are_as_placed) {
  write("certs/ca.crt", "ours");
  const fs::path hosts = write("hosts", "127.0.0.1 ours");
  const int status = within({{"/wasmup-test-certs", folder_ / "certs"}, {"/etc/hosts", hosts}}, [&] {
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
  EXPECT_EQ(within({{"/wasmup-test-certs", folder_ / "nothing"}}, [] { return 0; }), 99);
}

}  // namespace
}  // namespace wasmup::os
