// SPDX-License-Identifier: MIT
#include "explain.hpp"

#include <gtest/gtest.h>
#include <utility>

namespace wasmup::deployment {
namespace {

TEST(explain, a_gateways_words_have_a_name) {
  for (const auto& [message, name] : {
           std::pair{"Wasm: wasm cache is not initialized.", "wasm-cache-down"},
           {"Wasm: module downloaded from oci://r/a:1 has checksum aa, which does not match: bb.",
            "image-digest-wrong"},
           {"Wasm: could not fetch Wasm OCI image: could not fetch manifest: GET http://r/v2/a/manifests/9: "
            "MANIFEST_UNKNOWN: manifest unknown; map[Tag:9].",
            "image-missing"},
           {"Wasm: could not fetch Wasm OCI image: Get \"https://10.0.0.1:1/v2/\": dial tcp 10.0.0.1:1: "
            "connect: "
            "connection refused.",
            "registry-unreachable"},
           {"Unable to target HTTPRoute backend, another EnvoyExtensionPolicy has already attached to it",
            "policy-conflict"},
           {"Wasm: wasm module download failed after 1 attempts, last error: wasm module download request "
            "failed: "
            "status code 404.",
            "module-download-failed"},
           {"Wasm: secret n/s does not exist.", "pull-secret-missing"},
           {"Wasm: GET https://r/v2/: UNAUTHORIZED: authentication required", "pull-refused"},
           {"could not parse as compat variant: plugin.wasm not found in the archive", "image-layout"},
           {"fetched Wasm binary from oci://a is invalid", "image-not-wasm"},
           {"Wasm: could not fetch Wasm OCI image: could not parse url in image reference: could not parse "
            "reference: 10.0.0.1:9/x:1.",
            "image-name-wrong"},
           {"tls: failed to verify certificate: x509: unknown authority", "registry-certificate"},
           {"something new", "policy-not-accepted"},
       }) {
    EXPECT_EQ(explain(message).name, name) << message;
    EXPECT_NE(explain(message).cure, "");
  }
}

}  // namespace
}  // namespace wasmup::deployment
