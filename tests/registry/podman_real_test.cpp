// SPDX-License-Identifier: MIT
// podman, with a store of its own, against a real registry.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "../../cli/registry/registry.hpp"
#include "../../cli/testing/folder_test.hpp"
#include "../../cli/wasm/assemble.hpp"
#include "real_registry.hpp"

namespace wasmup::registry {
namespace {

using testing::HasSubstr;

class PodmanTest : public FolderTest {
 protected:
  PodmanTest() {
    const auto store =
        write("storage.conf", fmt::format("[storage]\ndriver = \"vfs\"\ngraphroot = \"{0}/store\"\n"
                                          "runroot = \"{0}/run\"\n",
                                          folder_.string()));
    ::setenv("CONTAINERS_STORAGE_CONF", store.c_str(), 1);
  }
  Expected<Pushed> push(const RealRegistry& registry, Options options) {
    options.tool = "podman";
    return registry::push(*processes_, image_, parse_reference(registry.host() + "/team/hello:v1").value(),
                          options);
  }

  std::unique_ptr<os::Processes> processes_ = os::make_processes();
  image::Image image_ = image::build({"x", wasm::minimal_module()}).value();
};

TEST_F(PodmanTest, pushes_an_image_that_the_gateway_would_load_and_says_its_digest) {
  const RealRegistry registry(*processes_, folder_ / "registry", {});
  const Expected<Pushed> pushed = push(registry, {});
  ASSERT_TRUE(pushed.has_value()) << pushed.error().what << "\n" << pushed.error().seen;
  EXPECT_NE(pushed->accepted.digest, image_.digest()) << "it packs anew";
  // As another tool sees it.
  const auto pinned = parse_reference(registry.host() + "/team/hello@" + pushed->accepted.digest).value();
  const auto accepted = acceptance(*processes_, pinned, {.tool = "skopeo"});
  ASSERT_TRUE(accepted.has_value()) << accepted.error().seen;
  EXPECT_EQ(accepted->module, wasm::minimal_module());
  EXPECT_EQ(accepted->kind, pushed->accepted.kind);
}

TEST_F(PodmanTest, wants_login_and_authority_where_the_registry_does) {
  const RealRegistry registry(*processes_, folder_ / "registry", {.tls = true, .login = true});
  const Options good{.credentials = registry.credentials(), .authority = registry.certificate()};
  const Expected<Pushed> pushed = push(registry, good);
  ASSERT_TRUE(pushed.has_value()) << pushed.error().what << "\n" << pushed.error().seen;
  Options bad = good;
  bad.credentials = registry.credentials("bWU6d3Jvbmc=");
  EXPECT_EQ(push(registry, bad).error().code, ExitCode::refused);
  bad = good;
  bad.authority.reset();
  EXPECT_THAT(push(registry, bad).error().next, HasSubstr("--ca FILE"));
}

}  // namespace
}  // namespace wasmup::registry
