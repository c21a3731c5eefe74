//! Ordinary lines of a busy Kubernetes node, as its programs print them into `/var/log/messages`.

use crate::template::Line;

/// A line from the table, or in one of 5,000 a log collector's report of lost messages.
pub(crate) fn line(out: &mut String, n: u32) {
    let line = match n % 5000 {
        2500 => &LOSS[(n / 5000) as usize % LOSS.len()],
        _ => pick(n),
    };
    line.write(out, n);
}

fn pick(n: u32) -> &'static Line {
    let total: u32 = LINES.iter().map(|(weight, _)| weight).sum();
    let mut at = (crate::template::hash(u64::from(n)) % u64::from(total)) as u32;
    for (weight, line) in LINES {
        match at.checked_sub(*weight) {
            Some(rest) => at = rest,
            None => return line,
        }
    }
    &LINES[0].1
}

const fn line_of(weight: u32, tag: &'static str, text: &'static str) -> (u32, Line) {
    (weight, Line::new(tag, text))
}

#[rustfmt::skip]
const LOSS: [Line; 2] = [
    Line::new("rsyslogd", "imjournal: $k messages lost due to rate-limiting (20000 allowed within 600 seconds)"),
    Line::new("systemd-journald[412]", "Missed $k kernel messages"),
];

/// How often, whose, what.
#[rustfmt::skip]
const LINES: &[(u32, Line)] = &[
    // kubelet: klog, structured since 1.21, plain before
    line_of(14, "kubelet[1201]", r#"I$klog    1201 kubelet.go:2457] "SyncLoop (PLEG): event for pod" pod="$ns/$pod" event={"ID":"$uid","Type":"ContainerStarted","Data":"$id"}"#),
    line_of(12, "kubelet[1201]", r#"I$klog    1201 kubelet.go:2457] "SyncLoop (PLEG): event for pod" pod="$ns/$pod" event={"ID":"$uid","Type":"ContainerDied","Data":"$id"}"#),
    line_of(6, "kubelet[1201]", r#"I$klog    1201 generic.go:334] "Generic (PLEG): container finished" podID="$uid" containerID="$id" exitCode=0"#),
    line_of(5, "kubelet[1201]", r#"I$klog    1201 kubelet.go:1953] SyncLoop (PLEG): "$pod_$ns($uid)", event: &pleg.PodLifecycleEvent{ID:"$uid", Type:"ContainerStarted", Data:"$sandbox"}"#),
    line_of(10, "kubelet[1201]", r#"I$klog    1201 kubelet.go:2425] "SyncLoop UPDATE" source="api" pods=["$ns/$pod"]"#),
    line_of(8, "kubelet[1201]", r#"I$klog    1201 kubelet.go:2519] "SyncLoop (probe)" probe="readiness" status="ready" pod="$ns/$pod""#),
    line_of(12, "kubelet[1201]", r#"I$klog    1201 prober.go:107] "Probe failed" probeType="Readiness" pod="$ns/$pod" podUID="$uid" containerName="$app" probeResult="failure" output="Get \"http://$ip:8080/healthz\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)""#),
    line_of(5, "kubelet[1201]", r#"I$klog    1201 patch_prober.go:28] interesting pod/$pod container/$app namespace/$ns: Liveness probe status=failure output="Get \"http://$ip:9090/-/healthy\": dial tcp $ip:9090: connect: connection refused" start-of-body="#),
    line_of(10, "kubelet[1201]", r#"I$klog    1201 reconciler_common.go:253] "operationExecutor.VerifyControllerAttachedVolume started for volume \"kube-api-access-$tail\" (UniqueName: \"kubernetes.io/projected/$uid-kube-api-access-$tail\") pod \"$pod\" (UID: \"$uid\") " pod="$ns/$pod""#),
    line_of(8, "kubelet[1201]", r#"I$klog    1201 operation_generator.go:888] UnmountVolume.TearDown succeeded for volume "kubernetes.io/configmap/$uid-config" (OuterVolumeSpecName: "config") pod "$uid" (UID: "$uid"). InnerVolumeSpecName "config". PluginName "kubernetes.io/configmap", VolumeGidValue """#),
    line_of(6, "kubelet[1201]", r#"E$klog    1201 pod_workers.go:1301] "Error syncing pod, skipping" err="failed to \"StartContainer\" for \"$app\" with CrashLoopBackOff: \"back-off 5m0s restarting failed container=$app pod=$pod_$ns($uid)\"" pod="$ns/$pod" podUID="$uid""#),
    line_of(5, "kubelet[1201]", r#"I$klog    1201 scope.go:117] "RemoveContainer" containerID="$id""#),
    line_of(3, "kubelet[1201]", r#"I$klog    1201 kubelet_volumes.go:163] "Cleaned up orphaned pod volumes dir" podUID="$uid" path="/var/lib/kubelet/pods/$uid/volumes""#),
    line_of(3, "kubelet[1201]", r#"I$klog    1201 pod_startup_latency_tracker.go:104] "Observed pod startup duration" pod="$ns/$pod" podStartSLOduration=$k.$k podStartE2EDuration="$k.$kms" podCreationTimestamp="$time" firstStartedPulling="0001-01-01 00:00:00 +0000 UTC""#),
    line_of(2, "kubelet[1201]", r#"W$klog    1201 manager.go:1169] Failed to process watch event {EventType:0 Name:/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod$slice.slice/cri-containerd-$id.scope WatchSource:0}: task $id not found: not found"#),
    // containerd
    line_of(8, "containerd[812]", r#"time="$time" level=info msg="CreateContainer within sandbox \"$sandbox\" for container &ContainerMetadata{Name:$app,Attempt:$d,}""#),
    line_of(8, "containerd[812]", r#"time="$time" level=info msg="CreateContainer within sandbox \"$sandbox\" for &ContainerMetadata{Name:$app,Attempt:$d,} returns container id \"$id\"""#),
    line_of(8, "containerd[812]", r#"time="$time" level=info msg="StartContainer for \"$id\" returns successfully""#),
    line_of(4, "containerd[812]", r#"time="$time" level=info msg="StopContainer for \"$id\" with timeout 30 (s)""#),
    line_of(4, "containerd[812]", r#"time="$time" level=info msg="RemoveContainer for \"$id\" returns successfully""#),
    line_of(6, "containerd[812]", r#"time="$time" level=info msg="shim disconnected" id=$id namespace=k8s.io"#),
    line_of(5, "containerd[812]", r#"time="$time" level=warning msg="cleaning up after shim disconnected" id=$id namespace=k8s.io"#),
    line_of(6, "containerd[812]", r#"time="$time" level=info msg="cleaning up dead shim" namespace=k8s.io"#),
    line_of(2, "containerd[812]", r#"time="$time" level=warning msg="cleanup warnings time=\"$time\" level=info msg=\"starting signal loop\" namespace=k8s.io pid=$p runtime=io.containerd.runc.v2\n""#),
    line_of(4, "containerd[812]", r#"time="$time" level=info msg="TaskExit event &TaskExit{ContainerID:$id,ID:$id,Pid:$p,ExitStatus:0,ExitedAt:$time,XXX_unrecognized:[],}""#),
    line_of(4, "containerd[812]", r#"time="$time" level=info msg="TaskExit event in podsandbox handler container_id:\"$id\" id:\"$id\" pid:$p exited_at:{seconds:1774872201 nanos:$n}""#),
    line_of(4, "containerd[812]", r#"time="$time" level=info msg="received exit event container_id:\"$id\" id:\"$sandbox\" pid:$p exited_at:{seconds:1774872201 nanos:$n}""#),
    line_of(4, "containerd[812]", r#"time="$time" level=info msg="PullImage \"$image\"""#),
    line_of(4, "containerd[812]", r#"time="$time" level=info msg="ImageUpdate event name:\"$image\" labels:{key:\"io.cri-containerd.image\" value:\"managed\"}""#),
    line_of(5, "containerd[812]", r#"time="$time" level=error msg="ExecSync for \"$id\" failed" error="rpc error: code = DeadlineExceeded desc = failed to exec in container: timeout 1s exceeded: context deadline exceeded""#),
    line_of(3, "containerd[812]", r#"time="$time" level=error msg="ContainerStatus for \"$id\" failed" error="rpc error: code = NotFound desc = an error occurred when try to find container \"$id\": not found""#),
    line_of(3, "containerd[812]", r#"time="$time" level=info msg="RunPodSandbox for &PodSandboxMetadata{Name:$pod,Uid:$uid,Namespace:$ns,Attempt:0,}""#),
    line_of(3, "dockerd[1033]", r#"time="$time" level=info msg="ignoring event" container=$id module=libcontainerd namespace=moby topic=/tasks/delete type="*events.TaskDelete""#),
    // systemd; a mount of runc comes and goes with each exec probe
    line_of(22, "systemd[1]", "run-containerd-runc-k8s.io-$id-runc.$tail.mount: Succeeded."),
    line_of(14, "systemd[1]", "run-containerd-runc-k8s.io-$id-runc.$tail.mount: Deactivated successfully."),
    line_of(10, "systemd[1]", "cri-containerd-$id.scope: Deactivated successfully."),
    line_of(8, "systemd[1]", "cri-containerd-$id.scope: Consumed $d.$ks CPU time."),
    line_of(3, "systemd[1]", "cri-containerd-$id.scope: Consumed $dmin $d.$ks CPU time, $kM memory peak, 0B memory swap peak."),
    line_of(5, "systemd[1]", r"run-containerd-io.containerd.runtime.v2.task-k8s.io-$id-rootfs.mount: Deactivated successfully."),
    line_of(8, "systemd[1]", "Started cri-containerd-$id.scope - libcontainer container $id."),
    line_of(4, "systemd[1]", "Started libcontainer container $id."),
    line_of(4, "systemd[1]", "Created slice kubepods-burstable-pod$slice.slice - libcontainer container kubepods-burstable-pod$slice.slice."),
    line_of(4, "systemd[1]", "Removed slice kubepods-besteffort-pod$slice.slice - libcontainer container kubepods-besteffort-pod$slice.slice."),
    line_of(4, "systemd[1]", "var-lib-kubelet-pods-$esc-volumes-kubernetes.io\\x7eprojected-kube\\x2dapi\\x2daccess\\x2d$tail.mount: Succeeded."),
    line_of(4, "systemd[1]", "Started Session $n of user app."),
    line_of(3, "systemd[1]", "session-$n.scope: Succeeded."),
    line_of(3, "systemd[1]", "Starting sysstat-collect.service - system activity accounting tool..."),
    line_of(2, "systemd[1]", "sysstat-collect.service: Deactivated successfully."),
    line_of(1, "systemd[1]", "node-agent-$tail.service: Main process exited, code=exited, status=1/FAILURE"),
    line_of(1, "systemd[1]", "node-agent-$tail.service: Failed with result 'exit-code'."),
    line_of(1, "systemd[1]", "node-agent-$tail.service: Scheduled restart job, restart counter is at $k."),
    line_of(3, "systemd", "Created slice User Slice of app."),
    line_of(3, "systemd-networkd[571]", "lxc$veth: Link UP"),
    line_of(2, "systemd-networkd[571]", "cali$veth: Gained IPv6LL"),
    line_of(2, "systemd-logind[690]", "New session $n of user app."),
    line_of(2, "systemd-udevd[$p]", "Using default interface naming scheme 'v249'."),
    // the kernel: bridges, conntrack, mounts, crashes
    line_of(6, "kernel", "cni0: port $d(veth$veth) entered forwarding state"),
    line_of(5, "kernel", "device veth$veth left promiscuous mode"),
    line_of(5, "kernel", "IPv6: ADDRCONF(NETDEV_CHANGE): cali$veth: link becomes ready"),
    line_of(3, "kernel", "eth0: renamed from tmp$veth"),
    line_of(2, "kernel", "nf_conntrack: nf_conntrack: table full, dropping packet"),
    line_of(1, "kernel", "net_ratelimit: $k callbacks suppressed"),
    line_of(2, "kernel", "TCP: request_sock_TCP: Possible SYN flooding on port $port. Sending cookies.  Check SNMP counters."),
    line_of(3, "kernel", "[UFW BLOCK] IN=ens5 OUT= MAC=$mac:$mac:08:00 SRC=$ip DST=10.0.7.21 LEN=40 TOS=0x00 PREC=0x00 TTL=241 ID=$p PROTO=TCP SPT=$port DPT=23 WINDOW=1024 RES=0x00 SYN URGP=0"),
    line_of(2, "kernel", "IPv4: martian source $ip from $ip, on dev cali$veth"),
    line_of(1, "kernel", "EXT4-fs (nvme$dn1): mounted filesystem $uid r/w with ordered data mode. Quota mode: none."),
    line_of(1, "kernel", "XFS (dm-$d): Ending clean mount"),
    line_of(1, "kernel", "overlayfs: fs on '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/$n/fs' does not support file handles, falling back to xino=off."),
    line_of(1, "kernel", "$app[$p]: segfault at $d ip 00007f$veth sp 00007ff$veth error 4 in libc.so.6[7f$veth+195000] likely on CPU $d (core $d, socket 0)"),
    line_of(1, "kernel", "perf: interrupt took too long ($p > $p), lowering kernel.perf_event_max_sample_rate to $n"),
    line_of(2, "kernel", r#"audit: type=1400 audit(1774872201.$k:$n): apparmor="DENIED" operation="ptrace" class="ptrace" profile="cri-containerd.apparmor.d" pid=$p comm="$app" requested_mask="read" denied_mask="read" peer="unconfined""#),
    // network plugins
    line_of(4, "cilium-agent[2210]", r#"time="$time" level=info msg="Create endpoint request" addressing="&{$ip $uid default }" containerID=$id containerInterface= datapathConfiguration="&{false false false false false <nil>}" interface=lxc$veth k8sPodName=$ns/$pod labels="[]" subsys=daemon sync-build=true"#),
    line_of(4, "cilium-agent[2210]", r#"time="$time" level=info msg="Rewrote endpoint BPF program" ciliumEndpointName=$ns/$pod containerID=$short containerInterface= datapathPolicyRevision=$k desiredPolicyRevision=$k endpointID=$k identity=$p ipv4=$ip ipv6= k8sPodName=$ns/$pod subsys=endpoint"#),
    line_of(3, "calico-node[2544]", "$date $sec.$k [INFO][$k] felix/endpoint_mgr.go 602: Updating per-endpoint chains. id=types.WorkloadEndpointID{OrchestratorId:\"k8s\", WorkloadId:\"$ns/$pod\", EndpointId:\"eth0\"}"),
    line_of(3, "calico-node[2544]", "$date $sec.$k [INFO][$k] felix/int_dataplane.go 1680: Received interface update msg=&intdataplane.ifaceStateUpdate{Name:\"cali$veth\", State:\"up\", Index:$k}"),
    // access and application logs
    line_of(24, "nginx-ingress[3120]", r#"$ip - - [$apache] "GET /api/v1/orders/$n HTTP/1.1" 200 $n "https://shop.example/cart" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36" $k 0.$k [$ns-$app-80] [] $ip:8080 $n 0.$k 200 $short"#),
    line_of(8, "envoy[3391]", r#"[$time] "POST /v1/events HTTP/2" 503 UF upstream_reset_before_response_started{connection_failure} - "-" $k 95 $k - "$ip" "Go-http-client/2.0" "$uid" "$app.$ns.svc" "$ip:8080""#),
    line_of(8, "$app[$p]", r#"{"level":"info","ts":"$time","caller":"server/handler.go:$k","msg":"request done","method":"GET","path":"/v1/items/$n","status":200,"took_ms":$k,"trace":"$short"}"#),
    line_of(4, "$app[$p]", "$date $sec.$k  INFO $p --- [nio-8080-exec-$d] c.e.shop.OrderController : order $n accepted for customer $n"),
    line_of(3, "etcd[1422]", r#"{"level":"warn","ts":"$time","caller":"etcdserver/util.go:170","msg":"apply request took too long","took":"$k.$kms","expected-duration":"100ms","prefix":"read-only range ","request":"key:\"/registry/pods/$ns/$pod\" "}"#),
    // logins, cron, audit, clock, the rest
    line_of(4, "sshd[$p]", "Accepted publickey for app from $ip port $port ssh2: ED25519 SHA256:kkZ5y8oS$short"),
    line_of(5, "sshd[$p]", "Failed password for invalid user admin from $ip port $port ssh2"),
    line_of(3, "sshd[$p]", "Connection closed by authenticating user root $ip port $port [preauth]"),
    line_of(3, "sshd[$p]", "pam_unix(sshd:session): session closed for user app"),
    line_of(4, "CRON[$p]", "(root) CMD (command -v debian-sa1 > /dev/null && debian-sa1 1 1)"),
    line_of(2, "crond[$p]", "(root) CMD (run-parts /etc/cron.hourly)"),
    line_of(1, "run-parts(/etc/cron.hourly)[$p]", "finished 0anacron"),
    line_of(4, "audit[$p]", r#"USER_ACCT pid=$p uid=0 auid=4294967295 ses=4294967295 msg='op=PAM:accounting grantors=pam_unix acct="root" exe="/usr/sbin/cron" hostname=? addr=? terminal=cron res=success'"#),
    line_of(3, "audit", r#"type=1325 audit(1774872201.$k:$n): table=filter:$k family=2 entries=$k op=nft_register_rule pid=$p comm="iptables""#),
    line_of(2, "sudo", "  deploy : TTY=pts/$d ; PWD=/home/deploy ; USER=root ; COMMAND=/usr/bin/crictl inspect $short"),
    line_of(2, "chronyd[702]", "Selected source $ip"),
    line_of(1, "chronyd[702]", "System clock wrong by -0.$k seconds"),
    line_of(2, "dbus-daemon[655]", "[system] Successfully activated service 'org.freedesktop.hostname1'"),
    line_of(2, "NetworkManager[688]", r"<info>  [1774872201.$k] device (veth$veth): carrier: link connected"),
    line_of(2, "dhclient[$p]", "DHCPACK of 10.0.7.21 from $ip"),
    line_of(1, "/usr/sbin/irqbalance", "Cannot change IRQ $k affinity: Input/output error"),
    line_of(1, "rsyslogd", r#"[origin software="rsyslogd" swVersion="8.2302.0" x-pid="601" x-info="https://www.rsyslog.com"] rsyslogd was HUPed"#),
];
