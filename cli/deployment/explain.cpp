// SPDX-License-Identifier: MIT
#include "explain.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

namespace wasmup::deployment {
namespace {

struct Known {
  std::vector<std::string_view> words;  ///< one of them is in the message; in lower case
  const char* name;
  const char* what;
  const char* cure;
};

/// The first that fits: what is more precise stands above.
const std::vector<Known>& known() {
  static const std::vector<Known> all{
      {{"wasm cache is not initialized"},
       "wasm-cache-down",
       "the controller has no Wasm cache: it could not be set up when the controller started",
       "make sure of Secret envoy-oidc-hmac, then restart the controller: wasmup doctor --fix"},
      {{"already attached"},
       "policy-conflict",
       "another policy targets the same place, and came first",
       "put both modules into one policy's list, or target another section"},
      {{"module download failed"},
       "module-download-failed",
       "the controller cannot download the module from its URL",
       "serve it where pods can reach it, or deploy it as an image"},
      {{"which does not match"},
       "image-digest-wrong",
       "the image behind this name has another digest than the policy pins: it was pushed again, or the "
       "digest is "
       "of an index and not of the manifest in it",
       "deploy it again: wasmup deploy pins the manifest's own digest"},
      {{"plugin.wasm not found", "invalid format as an oci image", "could not extract wasm",
        "number of layers", "invalid media type"},
       "image-layout",
       "the image holds no module where Envoy Gateway looks for it: a file plugin.wasm in its last layer",
       "pack it with wasmup image"},
      {{"fetched wasm binary", "is invalid"},
       "image-not-wasm",
       "what the gateway has fetched is no WebAssembly module",
       "wasmup build, then deploy again"},
      {{"unauthorized", "authentication required", "denied", "status code 401", "status code 403",
        "401 unauthorized", "403 forbidden"},
       "pull-refused",
       "the registry does not let the gateway pull this image",
       "name a Secret of type kubernetes.io/dockerconfigjson with --pull-secret, with a login that may pull"},
      {{"secret", "dockerconfigjson"},
       "pull-secret-missing",
       "the pull secret is not there, or holds no login",
       "kubectl create secret docker-registry NAME --docker-server=HOST --docker-username=USER -n NAMESPACE"},
      {{"manifest_unknown", "name_unknown", "manifest unknown", "unknown manifest",
        "repository name not known", "404 not found", "status code 404"},
       "image-missing",
       "the registry has no such image",
       "push it (wasmup push), or correct the name or the tag"},
      {{"could not parse reference", "could not parse url in image reference"},
       "image-name-wrong",
       "the gateway does not understand the image's name",
       "HOST/NAME:TAG, with a name of small letters and of two at least"},
      {{"x509", "certificate"},
       "registry-certificate",
       "the registry's certificate is not one that the controller trusts",
       "name the authority in the policy: image.tls.caCertificateRef"},
      {{"connection refused", "no such host", "i/o timeout", "dial tcp", "context deadline exceeded",
        "no route to host", "connection reset", "server misbehaving"},
       "registry-unreachable",
       "the controller cannot reach the registry: inside the cluster this name may lead elsewhere, and "
       "127.0.0.1 is "
       "the pod itself",
       "name the registry as pods reach it: --image for the gateway, --push-to for this machine"},
      {{"exceeds maximum size", "size exceeded"},
       "image-too-large",
       "the module is larger than the gateway takes",
       "build it with wasmup build, which optimises for size"},
  };
  return all;
}

}  // namespace

Explanation explain(std::string_view message) {
  std::string lower(message);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const Known& one : known()) {
    if (std::ranges::any_of(one.words, [&](std::string_view word) { return lower.contains(word); })) {
      return {one.name, one.what, one.cure};
    }
  }
  return {"policy-not-accepted", "the gateway does not accept the policy", "change what its reason names"};
}

}  // namespace wasmup::deployment
