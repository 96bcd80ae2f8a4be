/**
 * The connections to nodes: {@link io.ringcast.transport.upstream.UpstreamClient} keeps one lane's, over the
 * {@link io.ringcast.transport.upstream.UpstreamLink} of the URL's kind, and polls for what a node does not push.
 */
package io.ringcast.transport.upstream;
