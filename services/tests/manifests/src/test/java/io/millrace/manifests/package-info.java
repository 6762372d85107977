/** Whether what runs on Kubernetes is what Kubernetes, Strimzi, Prometheus and our own settings know. */
@NullMarked
package io.millrace.manifests;

import org.jspecify.annotations.NullMarked;
