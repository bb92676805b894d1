// SPDX-License-Identifier: MIT
#include "cases.hpp"

namespace wasmup::fidelity {
namespace {

void whole_exchange(Player& it) {
  it.request("/", {{"x-a", "1"}}, false);
  it.request_body("abc");
  it.request_trailers({{"x-t", "2"}});
  it.respond(200, {{"x-b", "3"}}, false);
  it.response_body("def");
  it.response_trailers({{"x-u", "4"}});
}

using Names = std::vector<std::string>;

/// As far as they have been tried.
const Names single_in_requests = {":authority",
                                  ":method",
                                  ":path",
                                  ":protocol",
                                  ":scheme",
                                  "accept",
                                  "accept-encoding",
                                  "access-control-request-headers",
                                  "access-control-request-method",
                                  "access-control-request-private-network",
                                  "authorization",
                                  "cache-control",
                                  "connection",
                                  "content-encoding",
                                  "content-length",
                                  "content-type",
                                  "expect",
                                  "grpc-accept-encoding",
                                  "grpc-timeout",
                                  "if-match",
                                  "if-modified-since",
                                  "if-none-match",
                                  "if-range",
                                  "if-unmodified-since",
                                  "keep-alive",
                                  "origin",
                                  "pragma",
                                  "proxy-connection",
                                  "referer",
                                  "te",
                                  "transfer-encoding",
                                  "upgrade",
                                  "user-agent",
                                  "via",
                                  "x-client-trace-id",
                                  "x-envoy-attempt-count",
                                  "x-envoy-decorator-operation",
                                  "x-envoy-expected-rq-timeout-ms",
                                  "x-envoy-external-address",
                                  "x-envoy-force-trace",
                                  "x-envoy-internal",
                                  "x-envoy-ip-tags",
                                  "x-envoy-max-retries",
                                  "x-envoy-original-path",
                                  "x-envoy-retry-on",
                                  "x-envoy-upstream-rq-timeout-ms",
                                  "x-forwarded-client-cert",
                                  "x-forwarded-for",
                                  "x-forwarded-host",
                                  "x-forwarded-port",
                                  "x-forwarded-proto",
                                  "x-request-id"};
const Names single_in_responses = {":status",
                                   "access-control-allow-credentials",
                                   "access-control-allow-headers",
                                   "access-control-allow-methods",
                                   "access-control-allow-origin",
                                   "access-control-allow-private-network",
                                   "access-control-expose-headers",
                                   "access-control-max-age",
                                   "age",
                                   "cache-control",
                                   "connection",
                                   "content-encoding",
                                   "content-length",
                                   "content-type",
                                   "date",
                                   "etag",
                                   "expires",
                                   "grpc-message",
                                   "grpc-status",
                                   "keep-alive",
                                   "last-modified",
                                   "location",
                                   "proxy-connection",
                                   "proxy-status",
                                   "server",
                                   "transfer-encoding",
                                   "upgrade",
                                   "vary",
                                   "via",
                                   "x-envoy-attempt-count",
                                   "x-envoy-decorator-operation",
                                   "x-envoy-degraded",
                                   "x-envoy-immediate-health-check-fail",
                                   "x-envoy-ratelimited",
                                   "x-envoy-upstream-canary",
                                   "x-envoy-upstream-healthchecked-cluster",
                                   "x-envoy-upstream-service-time",
                                   "x-request-id"};
const Names repeated_in_requests = {
    "accept-charset", "accept-language",     "cookie",       "date",     "forwarded",  "from",
    "max-forwards",   "proxy-authorization", "range",        "server",   "set-cookie", "traceparent",
    "warning",        "x-api-key",           "x-b3-traceid", "x-real-ip"};
const Names repeated_in_responses = {"accept",
                                     "accept-ranges",
                                     "allow",
                                     "authorization",
                                     "content-disposition",
                                     "content-language",
                                     "content-range",
                                     "content-security-policy",
                                     "link",
                                     "proxy-authenticate",
                                     "retry-after",
                                     "set-cookie",
                                     "strict-transport-security",
                                     "user-agent",
                                     "warning",
                                     "www-authenticate",
                                     "x-api-key"};

std::string listed(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "`" : ", `") + name + "`";
  return text;
}

/// Steps that give each of these headers two values, read it and take it away; with what comes of it in
/// `log`.
std::string two_values_each(const std::string& map, const Names& names, bool are_single,
                            std::vector<std::string>& log) {
  std::string script;
  for (const std::string& name : names) {
    const std::string header = map + " " + name;
    for (const std::string& step : {"remove " + header, "add " + header + " 1", "add " + header + " 2",
                                    "get " + header, "remove " + header}) {
      script += step + "; ";
      log.push_back(step +
                    (step.starts_with("get") ? are_single ? " = ok \"1,2\"" : " = ok \"1\"" : " = ok"));
    }
  }
  return script;
}

Case single_headers() {
  std::vector<std::string> log{"stream 1: request_headers, the end"};
  std::string script = "request_headers: ";
  script += two_values_each("request_headers", single_in_requests, true, log);
  script += two_values_each("request_headers", repeated_in_requests, false, log);
  script += "reply 200\nresponse_headers: ";
  log.insert(log.end(), {"reply 200 = ok", "stream 1: response_headers, the end"});
  script += two_values_each("response_headers", single_in_responses, true, log);
  script += two_values_each("response_headers", repeated_in_responses, false, log);
  script += "add response_headers :status 204";
  log.emplace_back("add response_headers :status 204 = ok");
  return {.name = "the_headers_of_which_envoy_keeps_one_value",
          .shows = "Of requests these are " + listed(single_in_requests) + "; of responses " +
                   listed(single_in_responses) +
                   "; of response trailers `grpc-message`, `grpc-status`. There may be more whose names "
                   "begin with `x-envoy-`.",
          .script = script,
          .play = [](Player& it) { it.request("/"); },
          .log = log,
          .client = "204"};
}

}  // namespace

std::vector<Case> header_cases() {
  return {
      {.name = "request_maps_are_at_hand_in_their_own_callbacks",
       .shows = "Request headers are gone once they went on, also for the body's callbacks. A value of a map "
                "that is "
                "not at hand is BAD_ARGUMENT, all its pairs are an empty OK.",
       .script = R"(
request_headers: get request_headers x-a; get request_headers x-none; pairs request_headers; get request_trailers x-t; pairs request_trailers; get response_headers :status; pairs response_headers
request_body: get request_headers x-a; pairs request_headers; size request_headers; add request_headers x-c 1; remove request_headers x-a; set request_headers x-c=1; get request_trailers x-t
request_trailers: get request_headers x-a; get request_trailers x-t; pairs request_trailers; add request_trailers x-v 5
)",
       .play = whole_exchange,
       .log = {"stream 1: request_headers",
               "get request_headers x-a = ok \"1\"",
               "get request_headers x-none = not_found",
               "pairs request_headers = ok as announced",
               "get request_trailers x-t = bad_argument",
               "pairs request_trailers = ok none",
               "get response_headers :status = bad_argument",
               "pairs response_headers = ok none",
               "stream 1: request_body of 3",
               "get request_headers x-a = bad_argument",
               "pairs request_headers = ok none",
               "size request_headers = bad_argument",
               "add request_headers x-c 1 = bad_argument",
               "remove request_headers x-a = bad_argument",
               "set request_headers x-c=1 = bad_argument",
               "get request_trailers x-t = bad_argument",
               "stream 1: request_trailers of 1",
               "get request_headers x-a = bad_argument",
               "get request_trailers x-t = ok \"2\"",
               "pairs request_trailers = ok as announced",
               "add request_trailers x-v 5 = ok"},
       .upstream = "POST / x-a=1 \"abc\" + x-t=2 x-v=5",
       .client = "200 x-b=3 \"def\" + x-u=4"},
      {.name = "response_maps_are_at_hand_in_their_own_callbacks",
       .shows = "The same of a response; of the request nothing is left by then.",
       .script = R"(
response_headers: get request_headers x-a; pairs request_headers; get request_trailers x-t; get response_headers x-b; pairs response_headers; get response_trailers x-u
response_body: get response_headers x-b; pairs response_headers; add response_headers x-c 1; get response_trailers x-u
response_trailers: get response_headers x-b; get response_trailers x-u; pairs response_trailers; replace response_trailers x-u 5; remove response_trailers x-none
)",
       .play = whole_exchange,
       .log = {"stream 1: response_headers", "get request_headers x-a = bad_argument",
               "pairs request_headers = ok none", "get request_trailers x-t = bad_argument",
               "get response_headers x-b = ok \"3\"", "pairs response_headers = ok as announced",
               "get response_trailers x-u = bad_argument", "stream 1: response_body of 3",
               "get response_headers x-b = bad_argument", "pairs response_headers = ok none",
               "add response_headers x-c 1 = bad_argument", "get response_trailers x-u = bad_argument",
               "stream 1: response_trailers of 1", "get response_headers x-b = bad_argument",
               "get response_trailers x-u = ok \"4\"", "pairs response_trailers = ok as announced",
               "replace response_trailers x-u 5 = ok", "remove response_trailers x-none = ok"},
       .upstream = "POST / x-a=1 \"abc\" + x-t=2",
       .client = "200 x-b=3 \"def\" + x-u=5"},
      {.name = "logs_read_both_headers_and_response_trailers",
       .shows = "In on_log the maps of both messages can be read, request trailers excepted, and none "
                "written. What is "
                "not there is NOT_FOUND.",
       .unexpected = "Request trailers are never at hand in a log, though they came.",
       .script = R"(
log: get request_headers x-a; get request_headers x-none; pairs request_trailers; get request_trailers x-t; get response_headers x-b; get response_trailers x-u; pairs response_trailers; size response_headers; add response_headers x-c 1; remove request_headers x-a; set response_trailers x-c=1; get call_headers :status
)",
       .play = whole_exchange,
       .log = {"stream 1: log", "get request_headers x-a = ok \"1\"",
               "get request_headers x-none = not_found", "pairs request_trailers = ok none",
               "get request_trailers x-t = not_found", "get response_headers x-b = ok \"3\"",
               "get response_trailers x-u = ok \"4\"", "pairs response_trailers = ok as announced",
               "size response_headers = bad_argument", "add response_headers x-c 1 = bad_argument",
               "remove request_headers x-a = bad_argument", "set response_trailers x-c=1 = bad_argument",
               "get call_headers :status = not_found"},
       .upstream = "POST / x-a=1 \"abc\" + x-t=2",
       .client = "200 x-b=3 \"def\" + x-u=4"},
      {.name = "logs_without_trailers_find_none",
       .shows = "A message without trailers has no such map in on_log.",
       .script = "log: get response_trailers x-u; pairs response_trailers; get request_headers :path",
       .play = [](Player& it) { it.get_and_respond("/a"); },
       .log = {"stream 1: log", "get response_trailers x-u = not_found", "pairs response_trailers = ok none",
               "get request_headers :path = ok \"/a\""},
       .upstream = "GET /a",
       .client = "200"},
      {.name = "no_stream_has_no_maps",
       .shows = "For a root no message is at hand, nor any answer of a call-out outside its callback.",
       .script = R"(
configure: get request_headers :path; pairs request_headers; add request_headers x-a 1; size response_headers; get call_headers :status; pairs call_headers; pairs call_trailers; pairs grpc_initial; get grpc_trailing x-a; get wrong x; pairs wrong
)",
       .start = {"root 1: configure", "get request_headers :path = bad_argument",
                 "pairs request_headers = ok none", "add request_headers x-a 1 = bad_argument",
                 "size response_headers = bad_argument", "get call_headers :status = bad_argument",
                 "pairs call_headers = ok none", "pairs call_trailers = ok none",
                 "pairs grpc_initial = ok none", "get grpc_trailing x-a = bad_argument",
                 "get wrong x = bad_argument", "pairs wrong = bad_argument"}},
      {.name = "a_repeated_name_has_its_first_value",
       .shows =
           "A lookup gives the first of several values, whatever the letters' case; an empty value is OK.",
       .script =
           "request_headers: get request_headers x-a; get request_headers X-A; get request_headers x-empty",
       .play =
           [](Player& it) {
             it.request("/", {{"x-a", "1"}, {"x-A", "2"}, {"x-empty", ""}});
             it.respond(200);
           },
       .log = {"stream 1: request_headers, the end", "get request_headers x-a = ok \"1\"",
               "get request_headers X-A = ok \"1\"", "get request_headers x-empty = ok \"\""},
       .upstream = "GET / x-a=1 x-a=2 x-empty=",
       .client = "200"},
      {.name = "writes_are_seen_at_once",
       .shows = "Adding appends, replacing leaves one value, removing what is not there is OK.",
       .script = R"(
request_headers: add request_headers X-A 2; get request_headers x-a; replace request_headers x-b 3; replace request_headers x-n 4; remove request_headers x-c; remove request_headers x-none; get request_headers x-c
)",
       .play =
           [](Player& it) {
             it.request("/", {{"x-a", "1"}, {"x-b", "1"}, {"x-b", "2"}, {"x-c", "1"}, {"x-c", "2"}});
             it.respond(200);
           },
       .log = {"stream 1: request_headers, the end", "add request_headers X-A 2 = ok",
               "get request_headers x-a = ok \"1\"", "replace request_headers x-b 3 = ok",
               "replace request_headers x-n 4 = ok", "remove request_headers x-c = ok",
               "remove request_headers x-none = ok", "get request_headers x-c = not_found"},
       .upstream = "GET / x-a=1 x-a=2 x-b=3 x-n=4",
       .client = "200"},
      {.name = "a_header_of_which_envoy_keeps_one_value_is_joined",
       .shows = "Of most standard headers Envoy keeps one value: others that come or are added are joined to "
                "it with commas. Cookies, and all that it does not know, repeat.",
       .unexpected = "By the specification an added value stands for itself.",
       .script = "request_headers: get request_headers user-agent; get request_headers cookie; add "
                 "request_headers accept c; get request_headers accept; add request_headers :path /b; get "
                 "request_headers :path; replace request_headers :path /c\n"
                 "response_headers: add response_headers content-type b; get response_headers content-type; "
                 "add response_headers x-a 2; get response_headers x-a; set response_headers :status=200 "
                 "content-length=0 vary=a vary=b; get response_headers vary\n"
                 "response_trailers: add response_trailers grpc-status 0; get response_trailers grpc-status; "
                 "add response_trailers vary b; get response_trailers vary",
       .play =
           [](Player& it) {
             it.request("/a", {{"user-agent", "a"},
                               {"user-agent", "b"},
                               {"cookie", "a=1"},
                               {"cookie", "b=2"},
                               {"accept", "a"},
                               {"accept", "b"}});
             it.respond(200, {{"content-type", "a"}, {"x-a", "1"}}, false);
             it.response_trailers({{"grpc-status", "1"}, {"vary", "a"}});
           },
       .log = {"stream 1: request_headers, the end",
               "get request_headers user-agent = ok \"a,b\"",
               "get request_headers cookie = ok \"a=1\"",
               "add request_headers accept c = ok",
               "get request_headers accept = ok \"a,b,c\"",
               "add request_headers :path /b = ok",
               "get request_headers :path = ok \"/a,/b\"",
               "replace request_headers :path /c = ok",
               "stream 1: response_headers",
               "add response_headers content-type b = ok",
               "get response_headers content-type = ok \"a,b\"",
               "add response_headers x-a 2 = ok",
               "get response_headers x-a = ok \"1\"",
               "set response_headers :status=200 content-length=0 vary=a vary=b = ok",
               "get response_headers vary = ok \"a,b\"",
               "stream 1: response_trailers of 2",
               "add response_trailers grpc-status 0 = ok",
               "get response_trailers grpc-status = ok \"1,0\"",
               "add response_trailers vary b = ok",
               "get response_trailers vary = ok \"a\""},
       .upstream = "GET /c",
       .client = "200"},
      single_headers(),
      {.name = "host_is_authority",
       .shows = "In request headers, host is another name of :authority.",
       .script = "request_headers: replace request_headers host b; get request_headers :authority; remove "
                 "request_headers Host; get request_headers :authority; add request_headers host c; get "
                 "request_headers host; get request_headers :authority",
       .play = [](Player& it) { it.get_and_respond(); },
       .log = {"stream 1: request_headers, the end", "replace request_headers host b = ok",
               "get request_headers :authority = ok \"b\"", "remove request_headers Host = ok",
               "get request_headers :authority = not_found", "add request_headers host c = ok",
               "get request_headers host = ok \"c\"", "get request_headers :authority = ok \"c\""},
       .upstream = "GET /",
       .client = "200"},
      {.name = "the_size_of_a_map_is_its_bytes",
       .shows = "The size of a header map is that of its names and values, in bytes; only a map that can be "
                "written has one.",
       .unexpected = "The specification has it count the pairs.",
       .script = R"(
request_headers: size request_headers; size request_trailers; size response_headers; size call_headers; size wrong
request_trailers: size request_trailers
)",
       .play = whole_exchange,
       .log = {"stream 1: request_headers", "size request_headers = ok the bytes of names and values",
               "size request_trailers = bad_argument", "size response_headers = bad_argument",
               "size call_headers = bad_argument", "size wrong = bad_argument",
               "stream 1: request_trailers of 1", "size request_trailers = ok the bytes of names and values"},
       .upstream = "POST / x-a=1 \"abc\" + x-t=2",
       .client = "200 x-b=3 \"def\" + x-u=4"},
      {.name = "setting_pairs_replaces_all_there_were",
       .shows = "A list of pairs takes the place of the whole map, a repeated name included.",
       .script = "response_headers: set response_headers :status=201 x-a=1 x-a=2 content-length=0; get "
                 "response_headers x-b",
       .play =
           [](Player& it) {
             it.request("/");
             it.respond(200, {{"x-b", "1"}});
           },
       .log = {"stream 1: response_headers, the end",
               "set response_headers :status=201 x-a=1 x-a=2 content-length=0 = ok",
               "get response_headers x-b = not_found"},
       .upstream = "GET /",
       .client = "201 x-a=1 x-a=2"},
      {.name = "a_request_without_a_path_has_no_route",
       .shows = "A request whose path is taken away, or does not begin with a slash, is answered 404 by "
                "Envoy once it goes on; the response callbacks run.",
       .unexpected = "A reply of Envoy's own, with nothing about the filter in it.",
       .script = "request_headers: remove request_headers :path\n"
                 "2 request_headers: replace request_headers :path b\n"
                 "request_body:\n"
                 "response_headers: get response_headers :status\n"
                 "log: get request_headers :path",
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             it.request_body("abc");
             it.request_end();
             it.stream(2);
             it.request("/b");
           },
       .log = {"stream 1: request_headers", "remove request_headers :path = ok",
               "stream 1: response_headers, the end", "get response_headers :status = ok \"404\"",
               "stream 1: log", "get request_headers :path = not_found", "stream 2: request_headers, the end",
               "replace request_headers :path b = ok", "stream 2: response_headers, the end",
               "get response_headers :status = ok \"404\"", "stream 2: log",
               "get request_headers :path = ok \"b\""},
       .upstream = " | ",
       .client = "404 | 404"},
      {.name = "a_request_without_a_method_goes_nowhere",
       .shows = "So is one without a method, with 503 and a body.",
       .script = "request_headers: remove request_headers :method\n"
                 "request_body:\n"
                 "response_headers: get response_headers :status\n"
                 "response_body: bytes response_body 0 100",
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             it.request_body("abc");
             it.request_end();
           },
       .log = {"stream 1: request_headers", "remove request_headers :method = ok",
               "stream 1: response_headers", "get response_headers :status = ok \"503\"",
               "stream 1: response_body of 32, the end",
               "bytes response_body 0 100 = ok \"missing required header: :method\""},
       .client = "503 \"missing required header: :method\""},
      {.name = "a_response_without_a_status_is_a_502",
       .shows = "A response that goes on without a status, or with one that is no number, is a 502 to the "
                "client, past the filter.",
       .script = "response_headers: remove response_headers :status\n"
                 "2 response_headers: replace response_headers :status x\n"
                 "3 response_headers: add response_headers :status 404\n"
                 "response_body:\n"
                 "log: get response_headers :status",
       .play =
           [](Player& it) {
             it.request("/a");
             it.respond(200, {{"x-a", "1"}}, false);
             it.response_body("abc");
             it.response_end();
             it.stream(2);
             it.get_and_respond("/b");
             it.stream(3);
             it.get_and_respond("/c");
           },
       .log = {"stream 1: response_headers", "remove response_headers :status = ok", "stream 1: log",
               "get response_headers :status = ok \"502\"", "stream 2: response_headers, the end",
               "replace response_headers :status x = ok", "stream 2: log",
               "get response_headers :status = ok \"502\"", "stream 3: response_headers, the end",
               "add response_headers :status 404 = ok", "stream 3: log",
               "get response_headers :status = ok \"502\""},
       .upstream = "GET /a | GET /b | GET /c",
       .client = "502 \"missing required header: :status\" | 502 \"missing required header: :status\" | 502 "
                 "\"missing required header: :status\""},
      {.name = "malformed_pairs_wipe_a_map",
       .shows = "A list of pairs with a byte too much, more than 1024 pairs or more than a MiB counts as an "
                "empty one: the "
                "map is wiped, and the status is OK.",
       .unexpected = "Nothing tells the module. The SDK refuses such a list by itself.",
       .script = R"(
request_trailers: set_malformed request_trailers; pairs request_trailers; set_many request_trailers 1024; pairs request_trailers; set_many request_trailers 1025; pairs request_trailers; set_long request_trailers 1048576; pairs request_trailers; set_malformed wrong
)",
       .play = whole_exchange,
       .log = {"stream 1: request_trailers of 1", "set_malformed request_trailers = ok",
               "pairs request_trailers = ok none", "set_many request_trailers 1024 = ok",
               "pairs request_trailers = ok 1024", "set_many request_trailers 1025 = ok",
               "pairs request_trailers = ok none", "set_long request_trailers 1048576 = ok",
               "pairs request_trailers = ok none", "set_malformed wrong = bad_argument"},
       .upstream = "POST / x-a=1 \"abc\"",
       .client = "200 x-b=3 \"def\" + x-u=4"},
      {.name = "trailers_come_into_being_in_the_last_body_callback",
       .shows = "Where no trailers came, writing to their map in the last body callback makes them; before "
                "that it is "
                "BAD_ARGUMENT.",
       .script = R"(
request_headers: add request_trailers x-t 1
request_body: get request_trailers x-t; pairs request_trailers; add request_trailers x-t 2; get request_trailers x-t; pairs request_trailers
response_headers: add response_trailers x-u 1
response_body: add response_trailers x-u 2; replace response_trailers x-v 3; get response_trailers x-v
)",
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             it.request_body("abc");
             it.request_end();
             it.respond(200, {}, false);
             it.response_body("def");
             it.response_end();
           },
       .log = {"stream 1: request_headers",
               "add request_trailers x-t 1 = bad_argument",
               "stream 1: request_body of 3",
               "get request_trailers x-t = bad_argument",
               "pairs request_trailers = ok none",
               "add request_trailers x-t 2 = bad_argument",
               "get request_trailers x-t = bad_argument",
               "pairs request_trailers = ok none",
               "stream 1: request_body of 0, the end",
               "get request_trailers x-t = bad_argument",
               "pairs request_trailers = ok none",
               "add request_trailers x-t 2 = ok",
               "get request_trailers x-t = ok \"2\"",
               "pairs request_trailers = ok 1",
               "stream 1: response_headers",
               "add response_trailers x-u 1 = bad_argument",
               "stream 1: response_body of 3",
               "add response_trailers x-u 2 = bad_argument",
               "replace response_trailers x-v 3 = bad_argument",
               "get response_trailers x-v = bad_argument",
               "stream 1: response_body of 0, the end",
               "add response_trailers x-u 2 = ok",
               "replace response_trailers x-v 3 = ok",
               "get response_trailers x-v = ok \"3\""},
       .upstream = "POST / \"abc\" + x-t=2",
       .client = "200 \"def\" + x-u=2 x-v=3"},
      {.name = "looking_for_trailers_makes_none",
       .shows =
           "Reading the map of trailers that did not come, in the last body callback, does not make them.",
       .script = R"(
request_body: get request_trailers x-t; pairs request_trailers
response_body: size response_trailers; get response_trailers x-t
)",
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             it.request_end();
             it.respond(200, {}, false);
             it.response_end();
           },
       .log = {"stream 1: request_body of 0, the end", "get request_trailers x-t = bad_argument",
               "pairs request_trailers = ok none", "stream 1: response_body of 0, the end",
               "size response_trailers = ok the bytes of names and values",
               "get response_trailers x-t = not_found"},
       .upstream = "POST /",
       .client = "200"},
  };
}

}  // namespace wasmup::fidelity
