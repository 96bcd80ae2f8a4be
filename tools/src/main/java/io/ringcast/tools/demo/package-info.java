/** The subscribers that the demo opens, on Netty's stock WebSocket client. */
package io.ringcast.tools.demo;
