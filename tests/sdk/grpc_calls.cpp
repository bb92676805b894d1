// SPDX-License-Identifier: MIT
#include <chrono>
#include <string>

#include <wasmup/wasmup.hpp>

using namespace std::chrono_literals;

/// Makes gRPC calls and streams as the request's headers say, and lets the request go on with what came of
/// them: x-call has the messages of calls, x-send those of one stream, with a comma between, x-kept one for
/// the stream that the root keeps.
struct Root : wasmup::RootContext {
  bool on_configure(wasmup::Bytes configuration) {
    if (configuration == "tick") return static_cast<bool>(wasmup::set_tick_period(1s));
    return true;
  }

  void on_tick() {
    const auto made = wasmup::grpc_call(*this,
                                        {.cluster = "grpc",
                                         .service = "test.Service",
                                         .method = "Call",
                                         .message = "metadata",
                                         .timeout = wasmup::Timeout::none()},
                                        &Root::on_reply);
    if (!made) wasmup::log::error("not made");
  }

  void on_reply(wasmup::GrpcReply reply) {
    wasmup::log::info("root was told ", *reply.message().read(), " ", std::to_string(reply.status().code()));
  }

  wasmup::GrpcStream kept;
};

/// Adds a value to the request, without the spaces at its end that no value has.
wasmup::Result<> add_came(std::string value) {
  while (value.ends_with(' ')) value.pop_back();
  return wasmup::RequestHeaders().add("x-came", value);
}

struct GrpcCalls : wasmup::HttpFilter<Root> {
  wasmup::HeadersAction on_request_headers(wasmup::RequestHeaders headers) {
    const wasmup::Result<wasmup::Bytes> given = headers.get("x-cluster");
    const std::string_view cluster = given ? given->view() : "grpc";
    if (const auto messages = headers.get("x-call")) call(cluster, *messages);
    if (const auto messages = headers.get("x-send")) stream(cluster, *messages);
    if (const auto message = headers.get("x-kept")) root().kept.send(*message).ignore();
    return waiting_ != 0 ? wasmup::HeadersAction::hold_all : wasmup::HeadersAction::continue_iteration;
  }

 private:
  /// What comes of the stream, as headers of the request.
  struct Events {
    void on_initial_metadata(GrpcCalls&, wasmup::GrpcInitialMetadata metadata) {
      const auto initial = metadata.get("x-initial");
      add_came("initial " + std::string(initial->view())).ignore();
    }
    void on_message(GrpcCalls& self, wasmup::GrpcMessage message) {
      const auto text = message.read();
      wasmup::RequestHeaders().add("x-came", *text).ignore();
      wasmup::Result<> done;
      if (*text == "more") done = self.stream_.send("say more was sent");
      if (*text == "enough") done = self.stream_.close();
      if (*text == "cancel") {
        done = self.stream_.cancel();
        self.one_is_over();
      }
      if (!done) wasmup::log::warn("refused: ", std::to_string(static_cast<int>(done.status())));
    }
    void on_trailing_metadata(GrpcCalls&, wasmup::GrpcTrailingMetadata metadata) {
      const auto trailing = metadata.get("x-trailing");
      add_came("trailing " + std::string(trailing->view())).ignore();
    }
    void on_close(GrpcCalls& self, wasmup::GrpcStatus status) {
      const auto sent = self.stream_.send("too late");
      wasmup::RequestHeaders()
          .add("x-came", "closed " + std::to_string(status.code()) + " " +
                             std::string(status.message()->view()) + " " +
                             std::to_string(static_cast<int>(sent.status())))
          .ignore();
      self.one_is_over();
    }
  };

  static std::string_view take(std::string_view& list) {
    const std::string_view first = list.substr(0, list.find(','));
    list.remove_prefix(first.size() < list.size() ? first.size() + 1 : first.size());
    return first;
  }

  void call(std::string_view cluster, std::string_view messages) {
    while (!messages.empty()) {
      const std::string_view message = take(messages);
      const auto made =
          wasmup::grpc_call(*this,
                            {.cluster = cluster,
                             .service = "test.Service",
                             .method = "Call",
                             .message = message,
                             .timeout = 300ms,
                             .metadata = {{"x-from", "filter"}}},
                            [message = std::string(message)](GrpcCalls& self, wasmup::GrpcReply reply) {
                              self.on_reply(message, reply);
                            });
      if (made) {
        ++waiting_;
      } else {
        wasmup::log::warn("not made: ", std::to_string(static_cast<int>(made.status())));
      }
    }
  }

  void on_reply(const std::string& message, wasmup::GrpcReply reply) {
    const std::string text = reply.ok() ? std::string(reply.message().read()->view())
                                        : std::to_string(reply.status().code()) + " " +
                                              std::string(reply.status().message()->view());
    // What no header can have is logged.
    if (!add_came(message + ": " + text)) wasmup::log::info(text);
    one_is_over();
  }

  /// The message "." sends no more; "keep" leaves the stream to the root.
  void stream(std::string_view cluster, std::string_view messages) {
    wasmup::Result<wasmup::GrpcStream> opened = wasmup::grpc_stream(*this,
                                                                    {.cluster = cluster,
                                                                     .service = "test.Service",
                                                                     .method = "Stream",
                                                                     .metadata = {{"x-from", "filter"}}},
                                                                    Events());
    if (!opened) {
      wasmup::log::warn("not opened: ", std::to_string(static_cast<int>(opened.status())));
      return;
    }
    stream_ = *std::move(opened);
    ++waiting_;
    while (!messages.empty()) {
      const std::string_view message = take(messages);
      if (message == "keep") {
        root().kept = std::move(stream_);
      } else if (message == ".") {
        stream_.close().ignore();
      } else {
        stream_.send(message, messages == "!").ignore();
        if (messages == "!") break;
      }
    }
  }

  void one_is_over() {
    if (--waiting_ == 0) wasmup::continue_request().ignore();
  }

  wasmup::GrpcStream stream_;
  int waiting_ = 0;
};

WASMUP_REGISTER(GrpcCalls)
