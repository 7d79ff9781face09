// Five incidents as people have them: what they paste, in the order in which they find it.
const key = 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const keyPolicy = (...statements: object[]) => JSON.stringify({ Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2), PolicyName: 'default' }, null, 2);
const delegation = { Sid: 'Enable IAM User Permissions', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' };
const rolePolicy = (RoleName: string, PolicyName: string, ...Statement: object[]) => JSON.stringify({ RoleName, PolicyName, PolicyDocument: { Version: '2012-10-17', Statement } }, null, 2);
const denied = (principal: string, action: string, because: string) => `User: ${principal} is not authorized to perform: kms:${action} on resource: ${key} because no ${because} allows the kms:${action} action`;

export const incidents = {
  /** The role of a Lambda function was deleted and made again: the grant is of the old one. */
  recreatedRole: {
    message:
      "Calling the invoke API action failed with this message: Lambda was unable to decrypt the environment variables because KMS access was denied. Please check the function's KMS key settings. KMS Exception: AccessDeniedExceptionKMS Message: " +
      denied('arn:aws:sts::111122223333:assumed-role/terminate/terminate', 'Decrypt', 'identity-based policy') +
      ' (Service: Kms, Status Code: 400, Request ID: 00000000-0000-0000-0000-000000000000)',
    keyPolicy: keyPolicy(delegation),
    rolePolicy: rolePolicy('terminate', 'logs', { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' }),
    grants: JSON.stringify(
      {
        Grants: [
          {
            KeyId: key,
            GrantId: '4056e6728604a352bb666729c88fcef50b183c8d87d019ea4c8d1441f05c1ebd',
            Name: 'terminate',
            CreationDate: '2021-09-23T21:31:55+10:00',
            GranteePrincipal: 'AROAEXAMPLEROLEID0001:terminate',
            RetiringPrincipal: 'AROAEXAMPLEROLEID0001:terminate',
            IssuingAccount: 'arn:aws:iam::111122223333:root',
            Operations: ['Decrypt', 'RetireGrant'],
            Constraints: { EncryptionContextEquals: { 'aws:lambda:FunctionArn': 'arn:aws:lambda:us-west-2:111122223333:function:terminate' } },
          },
        ],
      },
      null,
      2,
    ),
  },
  /** A volume is created, but cannot be attached: EC2 has to be given a grant. */
  attachVolume: {
    message: denied('arn:aws:sts::111122223333:assumed-role/app/example-session', 'CreateGrant', 'identity-based policy'),
    keyPolicy: keyPolicy(delegation),
    rolePolicy: rolePolicy('app', 'volumes', { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKeyWithoutPlaintext'], Resource: '*' }),
  },
  /** Auto Scaling launches instances that stop at once: its service-linked role is not in the key policy. */
  autoScaling: {
    message: denied('arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling', 'GenerateDataKeyWithoutPlaintext', 'identity-based policy'),
    keyPolicy: keyPolicy(delegation),
    rolePolicy: rolePolicy('AWSServiceRoleForAutoScaling', 'AutoScalingServiceRolePolicy', { Effect: 'Allow', Action: ['ec2:RunInstances', 'ec2:TerminateInstances'], Resource: '*' }),
  },
  /** The IAM policy allows it, and yet it is denied: the key policy does not let IAM policies decide. */
  noDelegation: {
    event: JSON.stringify(
      {
        eventVersion: '1.08',
        userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/prod-cluster/health-check-session' },
        eventSource: 'kms.amazonaws.com',
        eventName: 'ListGrants',
        awsRegion: 'us-west-2',
        errorCode: 'AccessDenied',
        errorMessage: denied('arn:aws:sts::111122223333:assumed-role/prod-cluster/health-check-session', 'ListGrants', 'resource-based policy'),
        requestParameters: null,
      },
      null,
      2,
    ),
    keyPolicy: keyPolicy({ Sid: 'Cluster', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/prod-cluster' }, Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'], Resource: '*' }),
    rolePolicy: rolePolicy('prod-cluster', 'cluster-encryption', { Effect: 'Allow', Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ListGrants', 'kms:DescribeKey'], Resource: key }),
  },
  /** A grant works for one call and not for the next, which has one pair more in its encryption context. */
  onePairMore: {
    event: JSON.stringify(
      {
        eventVersion: '1.08',
        userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/exampleUser', accountId: '111122223333' },
        eventSource: 'kms.amazonaws.com',
        eventName: 'Decrypt',
        awsRegion: 'us-west-2',
        requestParameters: { keyId: key, encryptionContext: { Department: 'IT', Purpose: 'Test' } },
        resources: [{ ARN: key, accountId: '111122223333', type: 'AWS::KMS::Key' }],
      },
      null,
      2,
    ),
    keyPolicy: keyPolicy(delegation),
    grants: JSON.stringify({ Grants: [{ KeyId: key, GrantId: 'abcde1237f76e4ba7987489ac329fbfba6ad343d6f7075dbd1ef191f0120514a', IssuingAccount: 'arn:aws:iam::111122223333:root', GranteePrincipal: 'arn:aws:iam::111122223333:user/exampleUser', RetiringPrincipal: 'arn:aws:iam::111122223333:role/adminRole', Operations: ['Decrypt'], Constraints: { EncryptionContextEquals: { Department: 'IT' } } }] }, null, 2),
  },
};
