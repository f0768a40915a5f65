/**
 * A connection to Redis that may be away: whoever asks hears so at once, and it comes back by
 * itself.
 *
 * @module
 */

export { type Redis, RedisAway, RedisLink, type RedisReply } from "./link.ts";
