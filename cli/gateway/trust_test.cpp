// SPDX-License-Identifier: MIT
#include "trust.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::gateway {
namespace {

using testing::HasSubstr;

Expected<void> check(const std::string& text) { return check_bounded(read_documents(text, "test").value()); }

TEST(TrustTest, a_patch_of_envoy_is_refused_with_the_reason_and_the_flag) {
  for (const char* version : {"gateway.envoyproxy.io/v1alpha1", "gateway.envoyproxy.io/v9", "v1"}) {
    const auto checked =
        check(std::string("{apiVersion: v1, kind: Secret, metadata: {name: a}}\n---\n{apiVersion: ") +
              version + ", kind: EnvoyPatchPolicy, metadata: {name: patch, namespace: shop}}");
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, ExitCode::refused);
    EXPECT_THAT(checked.error().what, HasSubstr("EnvoyPatchPolicy shop/patch"));
    EXPECT_THAT(checked.error().seen, HasSubstr("write files"));
    EXPECT_THAT(checked.error().next, HasSubstr("--trusted"));
  }
}

TEST(TrustTest, it_is_refused_in_a_list_too) {
  EXPECT_FALSE(
      check("{apiVersion: v1, kind: List, items: [{apiVersion: gateway.envoyproxy.io/v1alpha1, "
            "kind: EnvoyPatchPolicy, metadata: {name: patch}}]}"));
}

TEST(TrustTest, a_backend_that_is_a_socket_is_refused) {
  const std::string backend =
      "apiVersion: gateway.envoyproxy.io/v1alpha1\nkind: Backend\nmetadata: {name: docker}\n"
      "spec: {endpoints: [{ip: {address: 127.0.0.1, port: 80}}";
  EXPECT_FALSE(check(backend + ", {unix: {path: /var/run/docker.sock}}]}"));
  EXPECT_TRUE(check(backend + "]}"));
}

TEST(TrustTest, what_a_filter_needs_is_bounded_whatever_its_shape) {
  for (const char* text :
       {"{apiVersion: gateway.envoyproxy.io/v1alpha1, kind: EnvoyExtensionPolicy, metadata: {name: a}}",
        "{apiVersion: gateway.envoyproxy.io/v1alpha1, kind: Backend, metadata: {name: a}}",
        "{apiVersion: gateway.envoyproxy.io/v1alpha1, kind: Backend, metadata: {name: a}, spec: 1}",
        "{apiVersion: gateway.envoyproxy.io/v1alpha1, kind: Backend, metadata: {name: a}, spec: "
        "{endpoints: [1, {}]}}"}) {
    EXPECT_TRUE(check(text)) << text;
  }
}

}  // namespace
}  // namespace wasmup::gateway
