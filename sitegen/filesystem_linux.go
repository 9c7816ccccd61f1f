package sitegen

import "golang.org/x/sys/unix"

// elsewhere are the file systems that others write to without this kernel hearing of it, by the number in statfs(2).
var elsewhere = map[uint32]string{
	unix.NFS_SUPER_MAGIC:       "NFS",
	unix.SMB_SUPER_MAGIC:       "SMB",
	unix.SMB2_SUPER_MAGIC:      "SMB",
	unix.CIFS_SUPER_MAGIC:      "SMB",
	unix.AFS_SUPER_MAGIC:       "AFS",
	unix.CEPH_SUPER_MAGIC:      "Ceph",
	unix.CODA_SUPER_MAGIC:      "Coda",
	unix.NCP_SUPER_MAGIC:       "NCP",
	unix.OCFS2_SUPER_MAGIC:     "OCFS2",
	unix.V9FS_MAGIC:            "9p",      // drives of Windows in WSL 2, folders of virtual machines
	unix.FUSE_SUPER_MAGIC:      "FUSE",    // also virtiofs and sshfs
	unix.OVERLAYFS_SUPER_MAGIC: "overlay", // inside a container
	0x0bd00bd0:                 "Lustre",
	0x786f4256:                 "vboxsf", // VirtualBox
	0xbacbacbc:                 "vmhgfs", // VMware
	0x7c7c6673:                 "prl_fs", // Parallels
}

// fileSystem names the kind of a file system on which events cannot be relied on, "" for any other.
func fileSystem(path string) string {
	var s unix.Statfs_t
	if unix.Statfs(path, &s) != nil {
		return ""
	}
	return elsewhere[uint32(s.Type)]
}
