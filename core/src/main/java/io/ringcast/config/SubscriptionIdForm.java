package io.ringcast.config;

/** What a subscription id looks like to a client. */
public enum SubscriptionIdForm
{
    /** A string of {@code 0x} and 32 hex digits that is an address of the content; compared as a number. */
    HEX,
    /** A whole number; each topic has the next one. */
    NUMBER,
    /** A string of 16 letters and digits that is an address of the content. */
    TEXT,
    /** The id of the request that subscribed: the client's own choice. */
    REQUEST
}
