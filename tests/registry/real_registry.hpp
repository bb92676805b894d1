// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

#include "../../cli/os/network.hpp"
#include "../../cli/os/processes.hpp"

namespace wasmup {

/// A real registry (docker-registry) on loopback, which keeps all in `folder`.
class RealRegistry {
 public:
  struct Options {
    bool tls = false;    ///< with a certificate of its own: certificate()
    bool login = false;  ///< user "me", password "secret"
  };

  RealRegistry(os::Processes& processes, std::filesystem::path folder, Options options)
      : processes_(processes), folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_ / "data");
    if (options.tls) make_certificate();
    if (options.login) make_login();
    // Its port may be taken between our asking for it and its binding it.
    for (int attempt = 0; attempt < 5 && !listens_; ++attempt) start(options);
    if (!listens_) throw std::runtime_error("docker-registry does not start:\n" + log_);
  }

  std::string host() const { return fmt::format("127.0.0.1:{}", port_); }
  std::filesystem::path certificate() const { return folder_ / "cert.pem"; }
  /// Credentials as a login leaves them: "me:secret" in base 64.
  std::filesystem::path credentials(const std::string& in_base_64 = "bWU6c2VjcmV0") const {
    const std::filesystem::path file = folder_ / ("auth-" + in_base_64 + ".json");
    std::ofstream(file) << fmt::format(R"({{"auths":{{"{}":{{"auth":"{}"}}}}}})", host(), in_base_64);
    return file;
  }
  const std::string& log() const { return log_; }

 private:
  void start(const Options& options) {
    port_ = os::make_network()->free_ports(1).value().front();
    std::ofstream config(folder_ / "config.yml");
    config << fmt::format("version: 0.1\nstorage: {{filesystem: {{rootdirectory: {}}}}}\n",
                          (folder_ / "data").string())
           << fmt::format("http:\n  addr: {}\n", host());
    if (options.tls) {
      config << fmt::format("  tls: {{certificate: {}, key: {}}}\n", certificate().string(),
                            (folder_ / "key.pem").string());
    }
    if (options.login) {
      config << fmt::format("auth: {{htpasswd: {{realm: test, path: {}}}}}\n",
                            (folder_ / "htpasswd").string());
    }
    config.close();
    auto child = processes_.start({{"docker-registry", "serve", (folder_ / "config.yml").string()}},
                                  [this](std::string_view line) {
                                    log_ += std::string(line) + "\n";
                                    listens_ = listens_ || line.find("listening on") != line.npos;
                                  });
    if (!child) throw std::runtime_error(child.error().what);
    child_ = *std::move(child);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!listens_ && std::chrono::steady_clock::now() < deadline) {
      if (child_->wait(std::chrono::milliseconds(20))) break;
    }
  }

  std::string run(std::vector<std::string> argv) {
    const auto finished = processes_.run({std::move(argv)}, std::chrono::minutes(1));
    if (!finished || finished->status != 0)
      throw std::runtime_error(finished ? finished->output : finished.error().what);
    return finished->output;
  }

  void make_certificate() {
    run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2", "-subj", "/CN=wasmup test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
         (folder_ / "key.pem").string(), "-out", certificate().string()});
  }

  void make_login() { std::ofstream(folder_ / "htpasswd") << run({"htpasswd", "-nbB", "me", "secret"}); }

  os::Processes& processes_;
  std::filesystem::path folder_;
  uint16_t port_ = 0;
  bool listens_ = false;
  std::string log_;
  std::unique_ptr<os::Child> child_;
};

}  // namespace wasmup
