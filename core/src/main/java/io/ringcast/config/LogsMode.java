package io.ringcast.config;

/** Where the filter of a logs subscription is applied. Immutable. */
public enum LogsMode
{
    /** One shared upstream subscription for all logs, matched here: upstream work does not grow with subscribers. */
    MATCH,
    /** Each different filter is passed up as it is: for an upstream that refuses to give all logs. */
    PASS
}
