// The nearest equivalent of stacks/hoge in the AWS CDK, with its L2 constructs: what exists outside
// of the stack is imported by id, and each environment is a stack of its own, as the CDK does it.
// STACKS=100 makes that many stacks instead, all like prod.
"use strict";

const cdk = require("aws-cdk-lib");
const acm = require("aws-cdk-lib/aws-certificatemanager");
const actions = require("aws-cdk-lib/aws-cloudwatch-actions");
const cw = require("aws-cdk-lib/aws-cloudwatch");
const ec2 = require("aws-cdk-lib/aws-ec2");
const ecr = require("aws-cdk-lib/aws-ecr");
const ecs = require("aws-cdk-lib/aws-ecs");
const elb = require("aws-cdk-lib/aws-elasticloadbalancingv2");
const kms = require("aws-cdk-lib/aws-kms");
const logs = require("aws-cdk-lib/aws-logs");
const r53 = require("aws-cdk-lib/aws-route53");
const targets = require("aws-cdk-lib/aws-route53-targets");
const s3 = require("aws-cdk-lib/aws-s3");
const sns = require("aws-cdk-lib/aws-sns");

const REGION = "ap-northeast-1";
const ENVIRONMENTS = {
  dev: {
    account: "111122223333",
    cluster: "dev-default",
    zone: "dev.example.com",
    memory: 512,
    limit: 990,
    count: 1,
    retention: 30,
    java: "-Xmx256m",
  },
  stg: {
    account: "444455556666",
    cluster: "stg-default",
    zone: "stg.example.com",
    memory: 512,
    limit: 990,
    count: 1,
    retention: 30,
    java: "-Xmx256m",
  },
  prod: {
    account: "123456789012",
    cluster: "default",
    zone: "example.com",
    memory: 1990,
    limit: 1990,
    count: 2,
    retention: 365,
    java: "-Xmx1500m -Xms1500m",
  },
};

class Hoge extends cdk.Stack {
  constructor(scope, id, name, own) {
    super(scope, id, {
      env: { account: own.account, region: REGION },
      description: "hoge: the accounting API.",
    });
    this.name = name;
    this.own = own;
    const vpc = ec2.Vpc.fromVpcAttributes(this, "Vpc", {
      vpcId: "vpc-0c0d1a2b3c4d5e6f7",
      availabilityZones: ["a", "c"].map((zone) => REGION + zone),
      publicSubnetIds: ["subnet-0c1a2b3c4d5e6f701", "subnet-0c1a2b3c4d5e6f702"],
      privateSubnetIds: ["subnet-0c1a2b3c4d5e6f711", "subnet-0c1a2b3c4d5e6f712"],
    });
    const task = this.task();
    const group = new ec2.SecurityGroup(this, "SecurityGroup", {
      vpc,
      description: "tasks: the load balancer in, what is named out",
      allowAllOutbound: false,
    });
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), "port 443 to anywhere");
    group.addEgressRule(ec2.Peer.anyIpv6(), ec2.Port.tcp(443), "port 443 to anywhere");
    const service = new ecs.Ec2Service(this, "Service", {
      cluster: ecs.Cluster.fromClusterAttributes(this, "Cluster", {
        clusterName: own.cluster,
        vpc,
        securityGroups: [],
      }),
      taskDefinition: task,
      securityGroups: [group],
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { rollback: true },
      healthCheckGracePeriod: cdk.Duration.seconds(60),
      availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.ENABLED,
      enableECSManagedTags: true,
      propagateTags: ecs.PropagatedTagSource.SERVICE,
      enableExecuteCommand: false,
    });
    const { balancer, targetGroup } = this.front(vpc, service);
    this.scale(service, targetGroup);
    this.alarms(service, balancer, targetGroup);
  }

  task() {
    const key = kms.Key.fromKeyArn(
      this,
      "Key",
      `arn:aws:kms:${REGION}:${this.own.account}:key/0a1b2c3d-0001-4000-8000-000000000001`,
    );
    const task = new ecs.Ec2TaskDefinition(this, "TaskDefinition", {
      networkMode: ecs.NetworkMode.AWS_VPC,
      family: this.name,
    });
    const repository = ecr.Repository.fromRepositoryArn(
      this,
      "Repository",
      `arn:aws:ecr:${REGION}:123456789012:repository/hoge-image`,
    );
    const linux = new ecs.LinuxParameters(this, "LinuxParameters", { initProcessEnabled: true });
    linux.dropCapabilities(ecs.Capability.ALL);
    linux.addTmpfs({
      containerPath: "/tmp",
      size: 64,
      mountOptions: ["rw", "exec", "nosuid", "nodev"],
    });
    task.addContainer("app", {
      image: ecs.ContainerImage.fromEcrRepository(repository, "1.8.2"),
      cpu: 256,
      memoryReservationMiB: this.own.memory,
      memoryLimitMiB: this.own.limit,
      portMappings: [{ name: "app", containerPort: 8080 }],
      user: "1000:1000",
      privileged: false,
      readonlyRootFilesystem: true,
      linuxParameters: linux,
      stopTimeout: cdk.Duration.seconds(30),
      environment: { JAVA_OPTS: this.own.java },
      logging: ecs.LogDrivers.awsLogs({
        streamPrefix: "app",
        mode: ecs.AwsLogDriverMode.NON_BLOCKING,
        maxBufferSize: cdk.Size.mebibytes(25),
        logGroup: new logs.LogGroup(this, "LogGroup", {
          logGroupName: `/ecs/${this.name}`,
          retention: this.own.retention,
          encryptionKey: key,
          removalPolicy: cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        }),
      }),
    });
    return task;
  }

  front(vpc, service) {
    const domainName = `hoge.${this.own.zone}`;
    const zone = r53.HostedZone.fromHostedZoneAttributes(this, "Zone", {
      hostedZoneId: "Z0PROD123456789ABCDEF",
      zoneName: this.own.zone,
    });
    const bucket = s3.Bucket.fromBucketName(
      this,
      "AccessLogBucket",
      `access-logs-${this.own.account}`,
    );
    const certificate = acm.Certificate.fromCertificateArn(
      this,
      "Certificate",
      `arn:aws:acm:${REGION}:${this.own.account}:certificate/0a1b2c3d-0001-4000-8000-000000000001`,
    );
    const balancer = new elb.ApplicationLoadBalancer(this, "LoadBalancer", {
      vpc,
      internetFacing: true,
      deletionProtection: true,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: elb.DesyncMitigationMode.DEFENSIVE,
      idleTimeout: cdk.Duration.seconds(60),
    });
    balancer.logAccessLogs(bucket, this.name);
    balancer.logConnectionLogs(bucket, this.name);
    balancer.addRedirect();
    const targetGroup = new elb.ApplicationTargetGroup(this, "TargetGroup", {
      vpc,
      targetType: elb.TargetType.IP,
      protocol: elb.ApplicationProtocol.HTTP,
      protocolVersion: elb.ApplicationProtocolVersion.HTTP1,
      port: 8080,
      targets: [service],
      deregistrationDelay: cdk.Duration.seconds(60),
      healthCheck: {
        path: "/",
        interval: cdk.Duration.seconds(15),
        timeout: cdk.Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
        healthyHttpCodes: "200-299",
      },
    });
    const listener = balancer.addListener("Https", {
      port: 443,
      certificates: [certificate],
      sslPolicy: elb.SslPolicy.TLS13_RES,
      defaultAction: elb.ListenerAction.fixedResponse(404, {
        contentType: "text/plain",
        messageBody: "not found",
      }),
    });
    listener.addAction("Host", {
      priority: 1,
      conditions: [elb.ListenerCondition.hostHeaders([domainName])],
      action: elb.ListenerAction.forward([targetGroup]),
    });
    const target = r53.RecordTarget.fromAlias(new targets.LoadBalancerTarget(balancer));
    new r53.ARecord(this, "RecordA", { zone, recordName: domainName, target });
    new r53.AaaaRecord(this, "RecordAaaa", { zone, recordName: domainName, target });
    new cdk.CfnOutput(this, "Url", { value: `https://${domainName}` });
    return { balancer, targetGroup };
  }

  scale(service, targetGroup) {
    const count = service.autoScaleTaskCount({
      minCapacity: this.own.count,
      maxCapacity: this.own.count,
    });
    const cooldowns = {
      scaleOutCooldown: cdk.Duration.seconds(60),
      scaleInCooldown: cdk.Duration.seconds(300),
    };
    count.scaleOnCpuUtilization("Cpu", { targetUtilizationPercent: 70, ...cooldowns });
    count.scaleOnMemoryUtilization("Memory", { targetUtilizationPercent: 80, ...cooldowns });
    count.scaleOnRequestCount("Requests", { requestsPerTarget: 6000, targetGroup, ...cooldowns });
  }

  alarms(service, balancer, targetGroup) {
    const topic = sns.Topic.fromTopicArn(
      this,
      "Topic",
      `arn:aws:sns:${REGION}:${this.own.account}:alarms`,
    );
    const action = new actions.SnsAction(topic);
    const period = cdk.Duration.minutes(1);
    const dimensionsMap = { ClusterName: this.own.cluster, ServiceName: service.serviceName };
    const insights = (metricName) =>
      new cw.Metric({
        namespace: "ECS/ContainerInsights",
        metricName,
        dimensionsMap,
        statistic: "Average",
        period,
      });
    const desired = insights("DesiredTaskCount");
    const calculated = (expression, label, usingMetrics) =>
      new cw.MathExpression({ expression, label, usingMetrics, period });
    const watched = [
      ["Cpu", service.metricCpuUtilization({ period }), 85, 5],
      [
        "Memory",
        calculated(
          `utilization * ${this.own.memory} / ${this.own.limit}`,
          "memory, in percent of the hard limit",
          { utilization: service.metricMemoryUtilization({ period }) },
        ),
        85,
        5,
      ],
      [
        "TargetErrors",
        targetGroup.metrics.httpCodeTarget(elb.HttpCodeTarget.TARGET_5XX_COUNT, { period }),
        10,
        2,
      ],
      [
        "BalancerErrors",
        balancer.metrics.httpCodeElb(elb.HttpCodeElb.ELB_5XX_COUNT, { period }),
        10,
        2,
      ],
      [
        "UnhealthyHosts",
        targetGroup.metrics.unhealthyHostCount({ period, statistic: "Maximum" }),
        0,
        5,
      ],
      ["ResponseTime", targetGroup.metrics.targetResponseTime({ period, statistic: "p95" }), 1, 5],
      [
        "RunningBelowDesired",
        calculated("desired - running", "tasks missing", {
          desired,
          running: insights("RunningTaskCount"),
        }),
        0,
        10,
      ],
      [
        "NoHealthyHost",
        calculated(
          "IF(desired > 0 AND FILL(healthy, 0) < 1, 1, 0)",
          "1 while the service is down",
          {
            desired,
            healthy: targetGroup.metrics.healthyHostCount({ period, statistic: "Maximum" }),
          },
        ),
        0,
        2,
      ],
    ];
    for (const [name, metric, threshold, evaluationPeriods] of watched) {
      const alarm = new cw.Alarm(this, `${name}Alarm`, {
        alarmName: `${this.name}-${name}`,
        metric,
        threshold,
        evaluationPeriods,
        datapointsToAlarm: evaluationPeriods,
        comparisonOperator: cw.ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: cw.TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }
}

const app = new cdk.App();
const many = Number(process.env.STACKS || 0);
for (let number = 0; number < many; number += 1) {
  new Hoge(app, `app-${number}-prod`, `app-${number}-prod`, ENVIRONMENTS.prod);
}
if (!many) {
  for (const [name, own] of Object.entries(ENVIRONMENTS)) {
    new Hoge(app, `hoge-${name}`, `hoge-${name}`, own);
  }
}
app.synth();
