// API Gateway and Lambda on this machine: turns HTTP requests into events of an HTTP API, which the real function binary
// fetches from a Runtime API and responds to. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html

import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { httpServer } from './harness/http_server.mjs';
import { built, start } from './harness/program.mjs';

const PREFIX = '/2018-06-01/runtime/invocation/';
const STAGE = 'prod';
/** The function's timeout, passed to it as its deadline. */
const TIMEOUT_MS = 40_000;

/** Starts the function behind an HTTP API; it writes to the stream whose API is at `firehose`. */
export async function startLambda(firehose, variables = {}) {
  const events = [];
  const polls = [];
  const invocations = new Map();
  let ids = 0;
  const dispatch = () => {
    while (events.length > 0 && polls.length > 0) {
      const { event, done } = events.shift();
      const id = `00000000-0000-0000-0000-${String((ids += 1)).padStart(12, '0')}`;
      invocations.set(id, done);
      polls.shift().writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': id,
        'lambda-runtime-deadline-ms': String(Date.now() + TIMEOUT_MS),
        'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-west-1:123456789012:function:beacon',
      }).end(JSON.stringify(event));
    }
  };

  const runtime = httpServer(async (request, response) => {
    if (request.url === `${PREFIX}next`) {
      polls.push(response);
      dispatch();
      return;
    }
    const [, id, outcome] = /^(.*)\/(response|error)$/.exec(request.url.slice(PREFIX.length)) ?? assert.fail(request.url);
    const text = (await buffer(request)).toString();
    invocations.get(id)({ outcome, text });
    invocations.delete(id);
    response.writeHead(202).end();
  });

  const gateway = httpServer(async (request, response) => {
    const event = httpApiEvent(request, await buffer(request));
    const { outcome, text } = await new Promise((done) => {
      events.push({ event, done });
      dispatch();
    });
    if (outcome === 'error') {
      response.writeHead(502).end();
      return;
    }
    const { statusCode, headers = {}, cookies = [], body = '', isBase64Encoded = false } = JSON.parse(text);
    response.writeHead(statusCode, { ...headers, ...(cookies.length > 0 && { 'set-cookie': cookies }) });
    response.end(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
  });

  const program = start(built('BOOTSTRAP', 'bootstrap'), [], {
    AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${await runtime.start()}`,
    AWS_LAMBDA_FUNCTION_NAME: 'beacon',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    AWS_SESSION_TOKEN: 'token',
    AWS_ENDPOINT_URL_FIREHOSE: firehose,
    BEACON_STREAM: 'hits',
    ...variables,
  }, 'stdout');
  return {
    port: await gateway.start(),
    /** The lines of its log. */
    lines: program.lines,
    async stop() {
      await program.kill();
      await gateway.stop();
      await runtime.stop();
    },
  };
}

/** What browsers send over HTTPS, which an API has, and leave out over the HTTP of this gateway. */
function fetchMetadata({ method }) {
  const [mode, dest] = method === 'GET' ? ['no-cors', 'image'] : ['cors', 'empty'];
  return { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': mode, 'sec-fetch-dest': dest };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function httpApiEvent(request, body) {
  const { pathname, search, searchParams } = new URL(request.url, 'http://a');
  const sent = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(',')]));
  const { cookie, ...headers } = { ...fetchMetadata(request), ...sent };
  const query = {};
  for (const [name, value] of searchParams) query[name] = name in query ? `${query[name]},${value}` : value;
  const is_text = /^(text\/|application\/json)/.test(headers['content-type'] ?? '');
  const now_ms = Date.now();
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: `/${STAGE}${pathname}`,
    rawQueryString: search.slice(1),
    ...(cookie !== undefined && { cookies: cookie.split('; ') }),
    headers: { ...headers, 'x-forwarded-for': '203.0.113.77', 'x-forwarded-port': '443', 'x-forwarded-proto': 'https' },
    ...(search.length > 1 && { queryStringParameters: query }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'a1b2c3d4e5',
      domainName: 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com',
      domainPrefix: 'a1b2c3d4e5',
      http: {
        method: request.method,
        path: `/${STAGE}${pathname}`,
        protocol: 'HTTP/1.1',
        sourceIp: '203.0.113.77',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: `request-${now_ms}`,
      routeKey: '$default',
      stage: STAGE,
      time: new Date(now_ms).toUTCString(),
      timeEpoch: now_ms,
    },
    ...(body.length > 0 && { body: body.toString(is_text ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !is_text,
  };
}
