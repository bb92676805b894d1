// SPDX-License-Identifier: MIT
#include "cases.hpp"

namespace wasmup::fidelity {
namespace {

/// What one stream's callback does, and what comes of it.
struct Tried {
  std::string step;
  std::string upstream;  ///< empty: the request does not get there
  std::string client;
};

/// A case in which each is tried in a stream of its own.
Case each_in_a_stream(Case one, const std::string& callback, const std::vector<Tried>& all,
                      const Fields& request_headers = {}) {
  size_t number = 0;
  for (const Tried& tried : all) {
    const std::string own = std::to_string(++number);
    one.script.append(own).append(" ").append(callback).append(": ").append(tried.step).append("\n");
    one.log.push_back("stream " + own + ": " + callback + ", the end");
    one.log.push_back(tried.step + " = ok");
    const char* const separator = number == 1 ? "" : " | ";
    one.upstream.append(separator).append(tried.upstream);
    one.client.append(separator).append(tried.client);
  }
  one.play = [all, request_headers](Player& it) {
    for (size_t i = 0; i != all.size(); ++i) {
      it.stream(i + 1);
      it.request("/", request_headers);
      if (!all[i].upstream.empty()) it.respond(200);
    }
  };
  return one;
}

const std::string no_status = "502 \"missing required header: :status\"";

Case refused_requests() {
  return each_in_a_stream(
      {.name = "a_request_with_control_characters_is_a_503",
       .shows =
           "A request that a filter gave a value with CR, LF, NUL or another control character than the "
           "tab, a name that is no token, or the method CONNECT, is answered 503 once it goes on, through "
           "the response callbacks."},
      "request_headers",
      {{"replace request_headers x-a a%0d%0ax-b:%20b", "", "503 \"invalid header value for: x-a\""},
       {"add request_headers x-b %00", "", "503 \"invalid header value for: x-b\""},
       {"replace request_headers x-c %01", "", "503 \"invalid header value for: x-c\""},
       {"replace request_headers x-d %7f", "", "503 \"invalid header value for: x-d\""},
       {"replace request_headers :path /a%0db", "", "503 \"invalid header value for: :path\""},
       {"replace request_headers :method G%0aT", "", "503 \"invalid header value for: :method\""},
       {"replace request_headers host a%00", "", "503 \"invalid header value for: :authority\""},
       {"replace request_headers x%20a b", "", "503 \"invalid header name: x a\""},
       {"replace request_headers x%3aa b", "", "503 \"invalid header name: x:a\""},
       {"replace request_headers x%0d%0aa b", "", "503 \"invalid header name: x\\r\\na\""},
       {"replace request_headers :method CONNECT", "", "503 \"missing required header: :protocol\""},
       {"replace request_headers :path %20/a", "", "404"},
       {"replace request_headers :path *", "", "404"}});
}

Case passed_requests() {
  return each_in_a_stream(
      {.name = "a_request_may_have_spaces_and_other_bytes",
       .shows =
           "White space and bytes from 0x80 go to the upstream as they are, also in the path, the method "
           "and the authority, and so does what is no method at all.",
       .unexpected = "An upstream may read the line otherwise than Envoy, or refuse it.",
       .also_shown = {"host"}},
      "request_headers",
      {{"replace request_headers x-a a%09b", "GET / host=probe x-a=a%09b", "200"},
       {"replace request_headers x-a %c3%a4%ff", "GET / host=probe x-a=%c3%a4%ff", "200"},
       {"replace request_headers x-a a%20%20", "GET / host=probe x-a=a  ", "200"},
       {"replace request_headers :path /a%20b", "GET /a b host=probe", "200"},
       {"replace request_headers :path /%09%80#c", "GET /%09%80#c host=probe", "200"},
       {"replace request_headers :method GET%20/b", "GET /b / host=probe", "200"},
       {"replace request_headers :method", " / host=probe", "200"},
       {"replace request_headers :method get", "get / host=probe", "200"},
       {"replace request_headers :authority a%20b/%c3%a4", "GET / host=a b/%c3%a4", "200"},
       {"replace request_headers :authority", "GET / host=", "200"},
       {"remove request_headers host", "GET /", "200"}});
}

Case passed_request_framing() {
  return each_in_a_stream(
      {.name = "a_request_has_the_framing_that_a_filter_says",
       .shows = "Envoy does not look at what a filter says of the connection and of the body's length in a "
                "request: the upstream gets it.",
       .unexpected = "With transfer-encoding or another length than the body's the upstream takes the next "
                     "request for a body.",
       .also_shown = {"connection", "proxy-connection", "keep-alive", "upgrade", "te", "transfer-encoding",
                      "content-length", "trailer", "expect"}},
      "request_headers",
      {{"replace request_headers connection close", "GET / connection=close", "200 content-length=0"},
       {"replace request_headers proxy-connection close", "GET / proxy-connection=close",
        "200 content-length=0"},
       {"replace request_headers keep-alive 5", "GET / keep-alive=5", "200 content-length=0"},
       {"replace request_headers upgrade websocket", "GET / upgrade=websocket", "200 content-length=0"},
       {"replace request_headers te gzip", "GET / te=gzip", "200 content-length=0"},
       {"replace request_headers transfer-encoding gzip", "GET / transfer-encoding=gzip",
        "200 content-length=0"},
       {"replace request_headers content-length 3", "GET / content-length=3", "200 content-length=0"},
       {"replace request_headers content-length x", "GET / content-length=x", "200 content-length=0"},
       {"replace request_headers trailer a", "GET / trailer=a", "200 content-length=0"},
       {"replace request_headers expect 100-continue", "GET / expect=100-continue", "200 content-length=0"}});
}

Case passed_responses() {
  return each_in_a_stream(
      {.name = "a_response_may_have_any_bytes",
       .shows =
           "Of a response's headers Envoy checks nothing: line ends, NUL and all other bytes in names and "
           "values that a filter sets go to the client as they are.",
       .unexpected = "A value with a line end is another header to the client, or another response."},
      "response_headers",
      {{"replace response_headers x-a a%0d%0ax-b:%20b", "GET /", "200 x-a=a x-b=b"},
       {"add response_headers x-a a%00b", "GET /", "200 x-a=a%00b"},
       {"replace response_headers x-a %01%09%7f%80", "GET /", "200 x-a=%01%09%7f%80"},
       {"replace response_headers x-a a%20", "GET /", "200 x-a=a "},
       {"replace response_headers x-%20a b", "GET /", "200 x- a=b"},
       {"replace response_headers x-%0da b", "GET /", "200 x-%0da=b"}});
}

Case response_framing() {
  return each_in_a_stream(
      {.name = "a_response_loses_the_headers_of_its_connection",
       .shows = "connection, proxy-connection, transfer-encoding and upgrade of a response do not get to the "
                "client; keep-alive, te, trailer and host do.",
       .also_shown = {"connection", "proxy-connection", "keep-alive", "upgrade", "te", "trailer", "host"}},
      "response_headers",
      {{"replace response_headers connection close", "GET / host=probe", "200"},
       {"replace response_headers proxy-connection close", "GET / host=probe", "200"},
       {"replace response_headers transfer-encoding gzip", "GET / host=probe", "200"},
       {"replace response_headers upgrade h2c", "GET / host=probe", "200"},
       {"replace response_headers keep-alive 5", "GET / host=probe", "200 keep-alive=5"},
       {"replace response_headers te a", "GET / host=probe", "200 te=a"},
       {"replace response_headers trailer a", "GET / host=probe", "200 trailer=a"},
       {"replace response_headers host a", "GET / host=probe", "200 host=a"}});
}

Case response_lengths() {
  return each_in_a_stream(
      {.name = "a_response_has_the_length_that_a_filter_says",
       .shows = "Envoy does not compare a content-length that a filter sets with the body.",
       .unexpected = "The client waits for the rest, or takes the rest for another response.",
       .also_shown = {"content-length"}},
      "response_headers",
      {{"replace response_headers content-length 9", "GET /", "200 content-length=9"},
       {"replace response_headers content-length x", "GET /", "200 content-length=x"}});
}

Case statuses() {
  const std::string set = "replace response_headers :status";
  return each_in_a_stream(
      {.name = "a_status_is_any_number",
       .shows = "A :status that a filter sets goes to the client when it is a number, also "
                "0, 99, 100 or 600; white space around it and a plus do not matter. All "
                "else is a 502."},
      "response_headers",
      {{set + " 100", "GET /", "100"},
       {set + " 101", "GET /", "101"},
       {set + " 0", "GET /", "0"},
       {set + " 99", "GET /", "99"},
       {set + " 600", "GET /", "600"},
       {set + " 1000", "GET /", "1000"},
       {set + " 65536", "GET /", "65536"},
       {set + " %20201%20", "GET /", "201"},
       {set + " +202", "GET /", "202"},
       {set + " 0203", "GET /", "203"},
       {set, "GET /", no_status},
       {set + " abc", "GET /", no_status},
       {set + " 200%20OK", "GET /", no_status},
       {set + " 200%0d%0ax-a:a", "GET /", no_status},
       {set + " -1", "GET /", no_status}});
}

Case reply_statuses() {
  return each_in_a_stream(
      {.name = "a_reply_has_any_status",
       .shows = "So does the status of a local reply; of more than 16 bits the lower ones count. A body goes "
                "out with 204, 304 and 1xx, too.",
       .unexpected = "The client takes the body of a 204, a 304 or a 1xx for the next response."},
      "request_headers",
      {{"reply 0 no", "", "0 \"no\""},
       {"reply 99 no", "", "99 \"no\""},
       {"reply 100 no", "", "100 \"no\""},
       {"reply 101", "", "101"},
       {"reply 199 no", "", "199 \"no\""},
       {"reply 204 no", "", "204 \"no\""},
       {"reply 304 no", "", "304 \"no\""},
       {"reply 600 no", "", "600 \"no\""},
       {"reply 1000 no", "", "1000 \"no\""},
       {"reply 65739 no", "", "203 \"no\""}});
}

Case reply_headers() {
  return each_in_a_stream(
      {.name = "a_reply_may_have_any_bytes",
       .shows = "Headers of a local reply are checked as little, and lose what those of a response lose.",
       .unexpected = "A value with a line end is another header to the client, or another response.",
       .also_shown = {"connection", "proxy-connection", "transfer-encoding", "upgrade", "keep-alive", "te",
                      "host"}},
      "request_headers",
      {{"reply 403 no x-a=a%0d%0ax-b:%20b", "", "403 x-a=a x-b=b \"no\""},
       {"reply 403 no x-a=%00%01%09%7f%80", "", "403 x-a=%00%01%09%7f%80 \"no\""},
       {"reply 403 no x-%20a=b", "", "403 x- a=b \"no\""},
       {"reply 403 no connection=close proxy-connection=close", "", "403 \"no\""},
       {"reply 403 no transfer-encoding=chunked", "", "403 \"no\""},
       {"reply 403 no connection=upgrade upgrade=websocket", "", "403 \"no\""},
       {"reply 403 no keep-alive=5 te=a host=b", "", "403 keep-alive=5 te=a host=b \"no\""},
       {"reply 403 no :path=/a :status=200", "", "403 \"no\""},
       {"reply_with_details a%20b%0d%0a%00 403 no", "", "403 \"no\""}});
}

Case head_replies() {
  return {.name = "a_reply_to_a_head_request",
          .shows =
              "A reply to a HEAD request has no body: its headers are its end, with the length that the "
              "body would have, also when the filter changes the method. Nor has one that Envoy makes.",
          .script =
              "1 request_headers: reply 403 no\n"
              "2 request_headers: replace request_headers :method GET; reply 403 no\n"
              "3 request_headers: replace request_headers x-a %00\n"
              "4 request_headers: reply 403 no\n"
              "5 request_headers: replace request_headers :method HEAD; reply 403 no\n"
              "response_headers: get response_headers content-length\n"
              "6 response_headers: reply 403 no\n"
              "response_body:\n",
          .play =
              [](Player& it) {
                for (size_t number = 1; number != 4; ++number) {
                  it.stream(number);
                  it.request("/", {{":method", "HEAD"}});
                }
                it.stream(4);
                it.request("/", {{":method", "HEAD"}, {"content-type", "application/grpc"}});
                it.stream(5);
                it.request("/");
                it.stream(6);
                it.request("/", {{":method", "HEAD"}});
                it.respond(200);
              },
          .log = {"stream 1: request_headers, the end",
                  "reply 403 no = ok",
                  "stream 1: response_headers, the end",
                  "get response_headers content-length = ok \"2\"",
                  "stream 2: request_headers, the end",
                  "replace request_headers :method GET = ok",
                  "reply 403 no = ok",
                  "stream 2: response_headers, the end",
                  "get response_headers content-length = ok \"2\"",
                  "stream 3: request_headers, the end",
                  "replace request_headers x-a %00 = ok",
                  "stream 3: response_headers, the end",
                  "get response_headers content-length = ok \"29\"",
                  "stream 4: request_headers, the end",
                  "reply 403 no = ok",
                  "stream 4: response_headers, the end",
                  "get response_headers content-length = not_found",
                  "stream 5: request_headers, the end",
                  "replace request_headers :method HEAD = ok",
                  "reply 403 no = ok",
                  "stream 5: response_headers",
                  "get response_headers content-length = ok \"2\"",
                  "stream 5: response_body of 2, the end",
                  "stream 6: response_headers, the end",
                  "reply 403 no = ok"},
          .upstream = " |  |  |  |  | HEAD /",
          .client =
              "403 content-length=2 | 403 content-length=2 | 503 content-length=29 | 200 grpc-status=7 | "
              "403 content-length=2 \"no\" | 403 content-length=2",
          .also_shown = {"content-length", "grpc-status", "grpc-message"}};
}

/// A call-out with these headers, as a step.
std::string call(const std::string& headers) { return "call there /x 0 " + headers; }
std::string call_for(const std::string& more) { return call(":method=GET :path=/x :authority=a " + more); }

Case refused_calls() {
  struct Refused {
    std::string step;
    std::string reason;
  };
  const std::vector<Refused> all = {
      {call_for("x-a=a%0d%0ax-b:%20b"), "invalid header value for: x-a"},
      {call_for("x-b=%00"), "invalid header value for: x-b"},
      {call_for("x-c=%7f"), "invalid header value for: x-c"},
      {call_for("x%20d=a"), "invalid header name: x d"},
      {call(":method=GET :path=/a%0d :authority=a"), "invalid header value for: :path"},
      {call(":method=G%0aT :path=/x :authority=a"), "invalid header value for: :method"},
      {call(":method=GET :path=/x :authority=%00"), "invalid header value for: :authority"},
      {call(":method=CONNECT :path=/x :authority=a"), "missing required header: :protocol"}};
  Case one{.name = "a_call_with_control_characters_is_a_503",
           .shows =
               "Envoy takes a call-out whose headers have control characters, or names that are no tokens, "
               "does not send it, and answers it 503.",
           .script = "http_call_response: get call_headers :status; bytes call_body 0 100\n"};
  for (size_t i = 0; i != all.size(); ++i) {
    const std::string own = std::to_string(i + 1);
    one.script.append(own).append(" request_headers: ").append(all[i].step).append("\n");
    one.log.insert(one.log.end(), {"stream " + own + ": request_headers, the end", all[i].step + " = ok",
                                   "root 1: http_call_response with headers, a body, 0 trailers",
                                   "get call_headers :status = ok \"503\"",
                                   "bytes call_body 0 100 = ok \"" + all[i].reason + "\""});
    one.upstream += i == 0 ? "GET /" : " | GET /";
    one.client += i == 0 ? "200" : " | 200";
  }
  one.play = [all](Player& it) {
    for (size_t i = 0; i != all.size(); ++i) {
      it.stream(i + 1);
      it.request("/");
      it.until("bytes call_body 0 100 = ok \"" + all[i].reason + "\"");
      it.respond(200);
    }
  };
  return one;
}

/// A case in which a stream makes these call-outs, which nobody answers.
Case unanswered_calls(Case one, const std::vector<std::string>& steps) {
  one.script = "request_headers:";
  one.log = {"stream 1: request_headers, the end"};
  for (const std::string& step : steps) {
    one.script.append(" ").append(step).append(";");
    one.log.push_back(step + " = ok");
  }
  one.play = [](Player& it) { it.get_and_respond(); };
  if (one.upstream.empty()) one.upstream = "GET /";
  if (one.client.empty()) one.client = "200";
  return one;
}

Case passed_calls() {
  return unanswered_calls(
      {.name = "a_call_may_have_spaces_and_other_bytes",
       .shows =
           "White space and bytes from 0x80 go to the server as they are, so do a path and a method of any "
           "kind. What has an empty name is left out.",
       .upstream = "GET / host=probe",
       .calls = "GET /a b host=a | GET  host=a | GET a%09%80 host=a | GET /b /x host=a |  /x host=a | get /x "
                "host=a | GET /x host=a b%c3%a4 | GET /x host= | GET /x host=a x-a=%09a%ff ",
       .also_shown = {"host"}},
      {call(":method=GET :path=/a%20b :authority=a"), call(":method=GET :path= :authority=a"),
       call(":method=GET :path=a%09%80 :authority=a"), call(":method=GET%20/b :path=/x :authority=a"),
       call(":method= :path=/x :authority=a"), call(":method=get :path=/x :authority=a"),
       call(":method=GET :path=/x :authority=a%20b%c3%a4"), call(":method=GET :path=/x :authority="),
       call_for("x-a=%09a%ff%20 =b")});
}

Case repeated_calls() {
  return unanswered_calls(
      {.name = "a_call_joins_what_is_there_twice",
       .shows = "A pseudo-header of a call-out that is there twice is joined with a comma, and host to "
                ":authority, which it can stand for.",
       .upstream = "GET / host=probe",
       .calls = "GET,POST /x,/y host=a,b | GET /x host=a,b,c | GET /x host=a | GET /x host=a x-a=1 x-a=2",
       .also_shown = {"host"}},
      {call(":method=GET :method=POST :path=/x :path=/y :authority=a :authority=b"),
       call_for("host=b host=c"), call(":method=GET :path=/x host=a"), call_for("x-a=1 x-a=2")});
}

Case call_framing() {
  const std::string with_body = "call_with_body abc there /x 0 :method=GET :path=/x :authority=a ";
  return unanswered_calls(
      {.name = "a_call_has_the_framing_that_a_filter_says",
       .shows =
           "What a call-out says of its connection goes out; its content-length does when it has no body, "
           "and is the body's when it has one.",
       .unexpected =
           "With transfer-encoding, or a length without a body, the server takes the next request for "
           "a body.",
       .client = "200 content-length=0",
       .calls = "GET /x content-length=3 | GET /x content-length=x | GET /x transfer-encoding=gzip | GET /x "
                "connection=upgrade upgrade=websocket | GET /x keep-alive=5 te=a | GET /x content-length=3 "
                "\"abc\" | GET /x transfer-encoding=gzip content-length=3 \"abc\"",
       .also_shown = {"connection", "keep-alive", "upgrade", "te", "transfer-encoding", "content-length"}},
      {call_for("content-length=3"), call_for("content-length=x"), call_for("transfer-encoding=gzip"),
       call_for("connection=upgrade upgrade=websocket"), call_for("keep-alive=5 te=a"),
       with_body + "content-length=1", with_body + "transfer-encoding=gzip"});
}

Case empty_clusters() {
  return {.name = "a_call_to_an_empty_cluster_fails_at_once",
          .shows =
              "A call-out to a cluster without an endpoint, or whose circuit breaker is open, is "
              "INTERNAL_FAILURE, and has no answer.",
          .unexpected = "There is no callback, and get_status tells of nothing.",
          .script = "request_headers: call empty /x 0; call full /x 0; call_status\nhttp_call_response:",
          .play = [](Player& it) { it.get_and_respond(); },
          .log = {"stream 1: request_headers, the end", "call empty /x 0 = internal_failure",
                  "call full /x 0 = internal_failure", "call_status = ok \"0 \""},
          .upstream = "GET /",
          .client = "200"};
}

Case empty_clusters_and_grpc() {
  return {.name = "a_grpc_call_to_an_empty_cluster_fails_and_is_closed",
          .shows =
              "A gRPC call there is INTERNAL_FAILURE too, as one to an unknown cluster is; on_grpc_close "
              "comes with 14 all the same, for a token that the module was never given.",
          .script = "request_headers: grpc_call empty; grpc_call full; grpc_call nowhere\ngrpc_close:",
          .play = [](Player& it) { it.get_and_respond(); },
          .log = {"stream 1: request_headers, the end", "grpc_call empty = internal_failure",
                  "grpc_call full = internal_failure", "grpc_call nowhere = internal_failure",
                  "root 1: grpc_close with 14", "root 1: grpc_close with 14", "root 1: grpc_close with 14"},
          .upstream = "GET /",
          .client = "200"};
}

Case no_target() {
  return {.name = "a_grpc_service_without_a_target",
          .shows =
              "A gRPC call whose service is an empty text, or a message that names neither kind of target, "
              "ends Envoy as a whole.",
          .unexpected = "Nothing of the kind is said in the specification.",
          .script = "request_headers: grpc_call_to",
          .play = [](Player& it) { it.request("/"); },
          .crashes = true};
}

Case no_trailers() {
  return {.name = "without_enable_trailers_there_are_none",
          .shows =
              "Where HTTP/1.1 has no enable_trailers, which is Envoy's default, trailers that come are "
              "dropped before the filter, and those that it makes after it.",
          .unexpected = "Nothing tells the filter: adding them is OK, and on_log sees them.",
          .script = R"(
last request_body: add request_trailers x-t 1; get request_trailers x-t
request_trailers:
last response_body: add response_trailers x-u 2; get response_trailers x-u
response_trailers:
log: get response_trailers x-u; get response_trailers x-p
)",
          .options = {.enable_trailers = false},
          .play =
              [](Player& it) {
                it.request("/", {}, false);
                it.request_body("abc");
                it.request_trailers({{"x-o", "1"}});
                it.respond(200, {}, false);
                it.response_body("def");
                it.response_trailers({{"x-p", "2"}});
              },
          .log = {"stream 1: request_body of 0, the end", "add request_trailers x-t 1 = ok",
                  "get request_trailers x-t = ok \"1\"", "stream 1: response_body of 0, the end",
                  "add response_trailers x-u 2 = ok", "get response_trailers x-u = ok \"2\"", "stream 1: log",
                  "get response_trailers x-u = ok \"2\"", "get response_trailers x-p = not_found"},
          .upstream = "POST / \"abc\"",
          .client = "200 \"def\""};
}

Case passed_trailers() {
  return {
      .name = "trailers_may_have_any_bytes",
      .shows = "Trailers are not checked, those of a request neither.",
      .unexpected = "A value with a line end is another trailer to who gets it.",
      .script =
          "request_trailers: add request_trailers x-b a%0d%0ax-c:%20b; add request_trailers x-%20d "
          "%00%01\n"
          "response_trailers: add response_trailers x-b a%0d%0ax-c:%20b; add response_trailers "
          "x-%20d %00%01\n",
      .play =
          [](Player& it) {
            it.request("/", {}, false);
            it.request_trailers({{"x-a", "1"}});
            it.respond(200, {}, false);
            it.response_trailers({{"x-a", "2"}});
          },
      .log = {"stream 1: request_trailers of 1", "add request_trailers x-b a%0d%0ax-c:%20b = ok",
              "add request_trailers x-%20d %00%01 = ok", "stream 1: response_trailers of 1",
              "add response_trailers x-b a%0d%0ax-c:%20b = ok", "add response_trailers x-%20d %00%01 = ok"},
      .upstream = "POST / + x-a=1 x-b=a x-c=b x- d=%00%01",
      .client = "200 + x-a=2 x-b=a x-c=b x- d=%00%01"};
}

}  // namespace

std::vector<Case> wire_cases() {
  return {refused_requests(),
          passed_requests(),
          passed_request_framing(),
          passed_responses(),
          response_framing(),
          response_lengths(),
          statuses(),
          reply_statuses(),
          reply_headers(),
          head_replies(),
          refused_calls(),
          passed_calls(),
          repeated_calls(),
          call_framing(),
          empty_clusters(),
          empty_clusters_and_grpc(),
          no_target(),
          no_trailers(),
          passed_trailers()};
}

}  // namespace wasmup::fidelity
