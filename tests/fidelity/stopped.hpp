// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>

namespace wasmup::fidelity {

/// A process that does nothing as long as this object is there. What happens to it meanwhile it finds all at
/// once.
class Stopped {
 public:
  explicit Stopped(int pid) : pid_(pid) {
    ::kill(pid_, SIGSTOP);
    for (const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5); !has_stopped();) {
      if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("Envoy did not stop");
      std::this_thread::yield();
    }
  }
  Stopped(const Stopped&) = delete;
  Stopped& operator=(const Stopped&) = delete;
  ~Stopped() { ::kill(pid_, SIGCONT); }

 private:
  /// All of its threads have.
  bool has_stopped() const {
    for (const auto& thread :
         std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/task")) {
      std::ifstream file(thread.path() / "stat");
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      if (!text.substr(text.rfind(')') + 1).starts_with(" T")) return false;
    }
    return true;
  }

  int pid_;
};

}  // namespace wasmup::fidelity
